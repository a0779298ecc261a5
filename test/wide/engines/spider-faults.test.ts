import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { bearer, create, logText, newSlug, postRaw, send } from '../../blackbox/client.ts'
import { type Service, startService } from '../../blackbox/service.ts'
import { expectRecovery, expectUnavailable } from '../../blackbox/unavailable.ts'
import {
  type FaultProxy,
  type Link,
  type SpiderServers,
  startFaultProxy,
  startSpider,
  whenService,
} from '../../services/index.ts'
import { expectOneWinner } from './burn-race.ts'
import { createSpiderDatabase, execute, type SpiderDatabase } from './spider-database.ts'
import { STARTS_WITHIN_MS, useSpiderReplicas } from './spider-replicas.ts'

whenService(['spider', 's3'], ({ s3 }) => {
  describe('two replicas on Spider with two shards', () => {
    const replicas = useSpiderReplicas(s3)

    test('of 64 claims of one paste one wins, every time', async () => {
      for (let round = 0; round < 5; round++) await expectOneWinner(replicas.urls, 64)
    })

    test.each([
      ['is killed', (shard: SpiderServers['shards'][0]) => shard.kill()],
      ['is silent', (shard: SpiderServers['shards'][0]) => shard.pause()],
    ])('while a shard %s its slugs answer 503 in time, the others work, and then all do', async (_name, hurt) => {
      const [one, other] = replicas.urls
      const [living, dying] = await slugsByShard(one, replicas.database)
      const shard = replicas.spider.shards[1]
      await hurt(shard)
      for (const slug of living) {
        expect((await send(`${other}/raw/${slug}`)).bytes.toString()).toBe(slug)
        expect((await postRaw(other, 'more', `slug=${slug}`)).status).toBe(409)
      }
      for (const slug of dying) await expectUnavailable(() => send(`${other}/raw/${slug}`), ['database_unavailable'])
      const created = await Promise.all(Array.from({ length: 12 }, () => postRaw(other, 'new')))
      expect(new Set(created.map(({ status }) => status))).toEqual(new Set([201, 503]))
      await shard.restart()
      await expectRecovery(other)
      for (const slug of dying) expect((await send(`${other}/raw/${slug}`)).bytes.toString()).toBe(slug)
    })
  })
})

whenService('spider', () => {
  describe('a replica whose shards lose the answer to', () => {
    let spider: SpiderServers
    let proxies: FaultProxy[] = []
    let service: Service
    beforeAll(async () => {
      spider = await startSpider()
      proxies = await Promise.all(spider.shards.map(({ port }) => startFaultProxy(port)))
      const database = await createSpiderDatabase(
        spider,
        proxies.map(({ port }) => port),
      )
      await database.upgrade()
      service = await startService({ DATABASE_URL: database.url, MIGRATE_AT_START: 'false' })
    }, STARTS_WITHIN_MS)
    afterEach(() => Promise.all(proxies.map((proxy) => proxy.set({}))))
    afterAll(async () => {
      await service?.stop()
      await Promise.all(proxies.map((proxy) => proxy.stop()))
      await spider?.stop()
    })
    /** Of the updates from now on, the one with this number is committed and the front never hears of it. */
    const loseAnswerTo = (number: number) => {
      let updates = 0
      let armed: Link | undefined
      const onRequest = (bytes: Buffer, link: Link) => {
        const statement = bytes.toString('latin1', 5, 15)
        if (statement.startsWith('update') && ++updates === number) armed = link
        if (statement.startsWith('commit') && link === armed) {
          armed = undefined
          link.dropReply()
        }
        return undefined
      }
      return Promise.all(proxies.map((proxy) => proxy.set({ onRequest })))
    }

    test.each([1, 2])('update %i of an edit: the paste is whole, old or new', async (number) => {
      const [before, after] = [logText(200_000), logText(200_000)]
      const made = await create(service.url, before)
      await loseAnswerTo(number)
      const edited = await send(`${service.url}/api/v1/pastes/${made.slug}/content`, {
        method: 'PUT',
        headers: { ...bearer(made.editToken), 'content-type': 'text/plain' },
        body: Uint8Array.from(after),
      })
      const [read] = [await send(`${service.url}/raw/${made.slug}`)]
      expect([200, 503]).toContain(edited.status)
      expect([before, after].filter((bytes) => bytes.equals(read.bytes))).toEqual([
        edited.status === 200 ? after : expect.anything(),
      ])
    })

    test('the claim: whoever claimed gets the content', async () => {
      const { slug } = await create(service.url, 'once', 'burnAfterReading=true')
      await loseAnswerTo(1)
      const claimed = await send(`${service.url}/api/v1/pastes/${slug}/claim`, { method: 'POST' })
      expect([claimed.status, claimed.bytes.toString()]).toEqual([200, 'once'])
    })
  })
})

/** Makes pastes, whose contents are their slugs, until there are two on each shard. */
async function slugsByShard(base: string, { shardUrls }: SpiderDatabase): Promise<[string[], string[]]> {
  const [living = '', dying = ''] = shardUrls
  const made: string[] = []
  for (;;) {
    const slug = newSlug()
    await create(base, slug, `slug=${slug}`)
    made.push(slug)
    const query = `select convert(slug using utf8mb4) as slug from pastes where slug in ('${made.join("', '")}')`
    const [safe, lost] = await Promise.all([living, dying].map((url) => execute({ url }, [query])))
    const slugs = (rows: object[] = []) => (rows as { slug: string }[]).map((row) => row.slug)
    if (slugs(safe).length >= 2 && slugs(lost).length >= 2) return [slugs(safe).slice(0, 2), slugs(lost).slice(0, 2)]
  }
}
