import { afterAll, beforeAll, describe } from 'vitest'
import { createBucket, createDatabase, type Database, whenService } from '../services/index.ts'
import { type Service, startService } from './service.ts'
import { serviceSuite } from './suite.ts'

whenService(['sql', 's3', 'redis'], ({ sql, s3, redis }) => {
  describe('two replicas with S3 and Redis', () => {
    let database: Database
    let replicas: Service[] = []
    beforeAll(async () => {
      database = await createDatabase(sql)
      const bucket = await createBucket(s3)
      const environment = {
        DATABASE_URL: database.url,
        REDIS_URL: redis.url,
        MIGRATE_AT_START: 'true',
        ...bucket.environment,
      }
      // At the same time: both find an empty database, and both want to bring it up to date.
      replicas = await Promise.all([startService(environment), startService(environment)])
    })
    afterAll(async () => {
      await Promise.all(replicas.map((replica) => replica.stop()))
      await database.drop()
    })

    serviceSuite(() => ({ one: replicas[0]?.url ?? '', other: replicas[1]?.url ?? '' }))
  })
})
