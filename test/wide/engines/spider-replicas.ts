import { afterAll, beforeAll } from 'vitest'
import { type Service, startService } from '../../blackbox/service.ts'
import { createBucket, type S3Coordinates, type SpiderServers, startSpider } from '../../services/index.ts'
import { createSpiderDatabase, type SpiderDatabase } from './spider-database.ts'

/** What a suite sees of them; all of it is there once its tests run. */
export type SpiderReplicas = { spider: SpiderServers; database: SpiderDatabase; urls: readonly [string, string] }

/** For a hook that starts all of it: three servers, their migrations and a service, on a busy machine. */
export const STARTS_WITHIN_MS = 90_000

/** Starts, before the tests of this suite, two replicas on Spider with two shards; ends them after the last. */
export function useSpiderReplicas(s3: S3Coordinates): SpiderReplicas {
  const started: { spider?: SpiderServers; database?: SpiderDatabase; replicas: Service[] } = { replicas: [] }
  beforeAll(async () => {
    const spider = await startSpider()
    started.spider = spider
    started.database = await createSpiderDatabase(spider)
    await started.database.upgrade()
    const bucket = await createBucket(s3)
    const environment = { DATABASE_URL: started.database.url, MIGRATE_AT_START: 'false', ...bucket.environment }
    started.replicas = await Promise.all([startService(environment), startService(environment)])
  }, STARTS_WITHIN_MS)
  afterAll(async () => {
    await Promise.all(started.replicas.map((replica) => replica.stop()))
    await started.spider?.stop()
  })
  return {
    get spider() {
      return there(started.spider)
    },
    get database() {
      return there(started.database)
    },
    get urls(): [string, string] {
      return [there(started.replicas[0]).url, there(started.replicas[1]).url]
    },
  }
}

function there<Thing>(thing: Thing | undefined): Thing {
  if (thing === undefined) throw new Error('not started yet: ask for it inside a test')
  return thing
}
