import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { codeOf, send, until } from '../blackbox/client.ts'
import { patiently } from '../patience.ts'
import { type DnsServer, whenService } from '../services/index.ts'
import { type Cluster, startCluster } from './cluster.ts'
import { followsNames } from './front.ts'
import { answersOf, HANGS_MS, SLOWEST_MS, underLoad } from './load.ts'
import { namedAddresses, REPLICAS_NAME, startNames, untilNamed } from './names.ts'

const BOTH = { readers: 6, writers: 3 }
const READERS = { readers: 6, writers: 0 }
/** A name is remembered for a second by nginx, whose clock has whole seconds, and by nobody else. */
const FOLLOWED_MS = 2_000

whenService(['sql', 's3', 'redis', 'nginx', 'dns'], (servers) => {
  const kinds = followsNames(servers.nginx.path)
    ? ['at each request', 'and keeps its connections']
    : ['at each request']
  describe.each(kinds)('nginx that follows a name %s', { timeout: patiently(60_000) }, (kind) => {
    const keep = kind !== kinds[0]
    let names: DnsServer
    let cluster: Cluster
    beforeAll(async () => {
      names = await startNames()
      cluster = await startCluster(servers, 2, {}, { names, keep })
    }, patiently(60_000))
    afterAll(async () => {
      await cluster.stop()
      await names.stop()
    }, patiently(60_000))

    test('a replica that is added gets requests, one that leaves gets none, and nobody notices either', async () => {
      const seen = await underLoad(cluster.url, BOTH, async () => {
        const added = await cluster.add()
        await until(
          () => answersOf(added.directUrl),
          (answers) => answers > 20,
          patiently(30_000),
        )
        expect(await added.kill('SIGTERM')).toBe(0)
      })
      expect(seen.failures).toEqual([])
      expect(seen.answers).toBeGreaterThan(100)
      expect((await namedAddresses(names)).length).toBe(2)
    })

    test('nsupdate takes one out and puts it back', async () => {
      const [, replica] = cluster.replicas
      const address = new URL(replica?.directUrl ?? '').hostname
      const answers = () => answersOf(replica?.directUrl ?? '')
      const seen = await underLoad(cluster.url, BOTH, async () => {
        await names.update([`delete ${REPLICAS_NAME} A ${address}`])
        let before = 0
        const soon = async () => {
          before = await answers()
          await delay(500)
          return (await answers()) - before
        }
        // Our own questions are counted too.
        await until(soon, (more) => more <= 1)
        await names.update([`add ${REPLICAS_NAME} 1 A ${address}`])
        await until(answers, (now) => now > before + 20, patiently(30_000))
      })
      expect(seen.failures).toEqual([])
    })

    test('an address at which nobody is costs nobody a read', async () => {
      const seen = await underLoad(cluster.url, BOTH, async () => {
        await names.update([`add ${REPLICAS_NAME} 1 A 127.0.0.99`])
        await delay(FOLLOWED_MS + 1_000)
      })
      await names.update([`delete ${REPLICAS_NAME} A 127.0.0.99`])
      expect(seen.failures).toEqual([])
    })

    test('kill -9 of one costs no reader anything, and it comes back under its address', async () => {
      const [replica] = cluster.replicas
      const seen = await underLoad(cluster.url, READERS, async () => {
        await replica?.kill('SIGKILL')
        await delay(500)
        await replica?.restart()
      })
      expect(seen.failures).toEqual([])
      await untilNamed(names, 2)
    })

    test('a replica that hangs costs some readers seconds, and none an answer', async () => {
      const [replica] = cluster.replicas
      const { failures, slowestMs } = await underLoad(cluster.url, READERS, async () => {
        replica?.signal('SIGSTOP')
        await delay(HANGS_MS)
      })
      replica?.signal('SIGCONT')
      expect(failures).toEqual([])
      expect(slowestMs).toBeLessThan(SLOWEST_MS)
    })

    if (keep)
      test('a DNS server that is away is missed by nobody', async () => {
        const seen = await underLoad(cluster.url, READERS, async () => {
          await names.kill('SIGKILL')
          await delay(FOLLOWED_MS + 1_000)
          await names.restart()
        })
        expect(seen.failures).toEqual([])
      })
    else
      test('a DNS server that is away is missed within seconds: 502, and when to come again, until it is back', async () => {
        const ask = () => send(`${cluster.url}/api/v1/limits`)
        await names.kill('SIGKILL')
        const answer = await until(ask, ({ status }) => status !== 200)
        expect([answer.status, codeOf(answer), answer.headers.get('retry-after')]).toEqual([502, 'overloaded', '2'])
        await names.restart()
        await until(ask, ({ status }) => status === 200)
      })
  })
})
