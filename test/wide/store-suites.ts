import { afterAll, beforeAll, describe } from 'vitest'
import { createS3Store } from '../../src/content/index.ts'
import { type Service, startService } from '../blackbox/service.ts'
import { serviceSuite } from '../blackbox/suite.ts'
import { describeObjectStore } from '../contracts/object-store.ts'
import { createBucket, createDatabase, type Database, type S3Coordinates, whenService } from '../services/index.ts'

/** An S3 server and how it is ended. */
type Store = S3Coordinates & { stop(): Promise<void> }

/** What an S3 server has to do for us: the contract of an object store, and the service on top of it. */
export function storeSuites(name: string, start: () => Promise<Store>): void {
  whenService('sql', ({ sql }) => {
    let store: Store
    beforeAll(async () => {
      store = await start()
    })
    afterAll(() => store?.stop())

    describeObjectStore(name, async () => createS3Store({ ...store, bucket: (await createBucket(store)).name }))

    describe(`two replicas on ${name}`, () => {
      let database: Database
      let replicas: Service[] = []
      beforeAll(async () => {
        database = await createDatabase(sql)
        const { environment } = await createBucket(store)
        const settings = { ...environment, DATABASE_URL: database.url, MIGRATE_AT_START: 'true' }
        replicas = await Promise.all([startService(settings), startService(settings)])
      })
      afterAll(async () => {
        await Promise.all(replicas.map((replica) => replica.stop()))
        await database?.drop()
      })
      serviceSuite(() => ({ one: replicas[0]?.url ?? '', other: replicas[1]?.url ?? '' }))
    })
  })
}
