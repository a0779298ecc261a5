import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Answer, codeOf, create, logText, postRaw, send, sha256, until } from '../blackbox/client.ts'
import { whenService } from '../services/index.ts'
import { type Cluster, startCluster } from './cluster.ts'

const MIB = 1024 * 1024
const REPLICAS = 3
const READERS = 8
const WRITERS = 4
const LONG_ENOUGH = 300

whenService(['mariadb', 's3', 'redis', 'nginx'], (servers) => {
  describe('three replicas behind nginx', () => {
    let cluster: Cluster
    beforeAll(async () => {
      cluster = await startCluster(servers, REPLICAS)
    })
    afterAll(() => cluster.stop())
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
      const counts = async () =>
        Promise.all(
          cluster.replicas.map(async ({ directUrl }) => {
            const text = (await send(`${directUrl}/metrics`)).bytes.toString()
            return [...text.matchAll(/^paste_http_request_duration_seconds_count\{.*\} (\d+)$/gm)].reduce(
              (sum, [, n]) => sum + Number(n),
              0,
            )
          }),
        )
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

    /**
     * Reads through nginx without a pause, and, if asked, makes pastes; runs `hurt` when some hundred answers are in,
     * and goes on for as many more. Gives what was not as it should be.
     */
    async function failuresDuring(hurt: () => Promise<unknown>, writers: number): Promise<string[]> {
      const bytes = logText(3_000)
      const { slug } = await create(cluster.url, bytes)
      const failures: string[] = []
      let answers = 0
      let over = false
      const repeat = async (ask: () => Promise<Answer>, isRight: (answer: Answer) => boolean) => {
        while (!over) {
          const answer = await ask().catch((error: Error) => error)
          if (answer instanceof Error) failures.push(`${answer.message}: ${answer.cause}`)
          else if (!isRight(answer)) failures.push(`${answer.status} ${answer.bytes.toString('utf8', 0, 200)}`)
          answers++
        }
      }
      const read = () =>
        repeat(
          () => send(`${cluster.url}/raw/${slug}`),
          (answer) => answer.status === 200 && answer.bytes.equals(bytes),
        )
      const write = () =>
        repeat(
          () => postRaw(cluster.url, bytes),
          ({ status }) => status === 201,
        )
      const streams = [...Array.from({ length: READERS }, read), ...Array.from({ length: writers }, write)]
      const more = (count: number) => {
        const wanted = answers + count
        return until(
          async () => answers,
          (now) => now >= wanted,
          20_000,
          1,
        )
      }
      await more(LONG_ENOUGH)
      await hurt()
      await more(LONG_ENOUGH)
      over = true
      await Promise.all(streams)
      return failures
    }

    test('kill -9 of one costs no reader anything', async () => {
      expect(await failuresDuring(() => replica(1).kill('SIGKILL'), 0)).toEqual([])
      await replica(1).restart()
    })

    test('an orderly stop of one costs nobody anything, and it comes back', async () => {
      expect(await failuresDuring(() => replica(2).kill('SIGTERM'), WRITERS)).toEqual([])
      await replica(2).restart()
      const ready = () => send(`${replica(2).directUrl}/health/ready`)
      expect((await until(ready, ({ status }) => status === 200)).status).toBe(200)
    })
  })
})
