import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { codeOf, create, logText, postRaw, send, sha256, until } from '../blackbox/client.ts'
import { patiently } from '../patience.ts'
import { whenService } from '../services/index.ts'
import { type Cluster, startCluster } from './cluster.ts'
import { answersOf, HANGS_MS, SLOWEST_MS, underLoad } from './load.ts'

const MIB = 1024 * 1024
const REPLICAS = 3
const READERS = { readers: 8, writers: 0 }

whenService(['sql', 's3', 'redis', 'nginx'], (servers) => {
  describe('three replicas behind nginx', { timeout: patiently(60_000) }, () => {
    let cluster: Cluster
    beforeAll(async () => {
      cluster = await startCluster(servers, REPLICAS)
    }, patiently(60_000))
    afterAll(() => cluster.stop(), patiently(60_000))
    const replica = (index: number) => {
      const found = cluster.replicas[index]
      if (found === undefined) throw new RangeError(`there is no replica ${index}`)
      return found
    }

    test('what is made through nginx is there on each of them, at once', async () => {
      const bytes = logText(300_000)
      const { slug, url } = await create(cluster.url, bytes)
      expect(url).toBe(`${cluster.url}/${slug}`)
      for (const { directUrl } of cluster.replicas)
        expect((await send(`${directUrl}/raw/${slug}`)).bytes.equals(bytes)).toBe(true)
    })

    test('all of them get requests', async () => {
      const counts = () => Promise.all(cluster.replicas.map(({ directUrl }) => answersOf(directUrl)))
      const before = await counts()
      for (let count = 0; count < 30; count++) await send(`${cluster.url}/api/v1/limits`)
      const after = await counts()
      for (const [index, count] of after.entries()) expect(count - (before[index] ?? 0)).toBeGreaterThanOrEqual(9)
    })

    test('50 MiB go through nginx and back', async () => {
      const bytes = logText(50 * MIB)
      const { slug, sha256: told } = await create(cluster.url, bytes)
      expect(told).toBe(sha256(bytes))
      expect(sha256((await send(`${cluster.url}/raw/${slug}`)).bytes)).toBe(told)
    })

    test('a body that is refused before it is read is answered with the reason, however large it is', async () => {
      const { slug } = await create(cluster.url, 'x')
      const refusal = async (sizeBytes: number, query = '') => {
        const answer = await postRaw(cluster.url, Buffer.alloc(sizeBytes, 'x'), query)
        return `${answer.status} ${codeOf(answer)}`
      }
      const attempts = Array.from({ length: 6 })
      // The last by nginx itself.
      for (const sizeBytes of [50 * MIB + 1, 52 * MIB])
        expect(new Set(await Promise.all(attempts.map(() => refusal(sizeBytes))))).toEqual(
          new Set(['413 payload_too_large']),
        )
      expect(new Set(await Promise.all(attempts.map(() => refusal(20 * MIB, `slug=${slug}`))))).toEqual(
        new Set(['409 slug_taken']),
      )
    })

    test('kill -9 of one costs no reader anything', async () => {
      const { failures } = await underLoad(cluster.url, READERS, () => replica(1).kill('SIGKILL'))
      expect(failures).toEqual([])
      await replica(1).restart()
    })

    test('one that hangs costs some readers seconds, and none an answer', async () => {
      const { failures, slowestMs } = await underLoad(cluster.url, READERS, async () => {
        replica(0).signal('SIGSTOP')
        await delay(HANGS_MS)
      })
      replica(0).signal('SIGCONT')
      expect(failures).toEqual([])
      expect(slowestMs).toBeLessThan(SLOWEST_MS)
    })

    test('an orderly stop of one costs nobody anything, and it comes back', async () => {
      const { failures } = await underLoad(cluster.url, { ...READERS, writers: 4 }, () => replica(2).kill('SIGTERM'))
      expect(failures).toEqual([])
      await replica(2).restart()
      const ready = () => send(`${replica(2).directUrl}/health/ready`)
      expect((await until(ready, ({ status }) => status === 200)).status).toBe(200)
    })
  })
})
