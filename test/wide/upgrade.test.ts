import { afterAll, beforeAll, describe } from 'vitest'
import { type Service, startService } from '../blackbox/service.ts'
import { serviceSuite } from '../blackbox/suite.ts'
import {
  createBucket,
  createDatabase,
  type Database,
  type SqlServer,
  startMariadb,
  whenService,
} from '../services/index.ts'
import { FORMER_SERVER } from './former.ts'

// The former version does not start on MySQL 9.7.
whenService(['mariadb', 's3', 'redis'], ({ s3, redis }) => {
  describe('a replica of the former version and one of this, in the middle of an upgrade', () => {
    let mariadb: SqlServer
    let database: Database
    let former: Service
    let current: Service
    beforeAll(async () => {
      mariadb = await startMariadb()
      database = await createDatabase(mariadb)
      const bucket = await createBucket(s3)
      const shared = { DATABASE_URL: database.url, REDIS_URL: redis.url, ...bucket.environment }
      former = await startService({ ...shared, MIGRATE_AT_START: 'true' }, FORMER_SERVER)
      current = await startService({ ...shared, MIGRATE_AT_START: 'true' })
    })
    afterAll(async () => {
      await Promise.all([former?.stop(), current?.stop()])
      await mariadb?.stop()
    })

    describe('what this version does holds at the former', () => {
      serviceSuite(() => ({ one: current.url, other: former.url }))
    })

    describe('what the former version does holds at this', () => {
      serviceSuite(() => ({ one: former.url, other: current.url }))
    })
  })
})
