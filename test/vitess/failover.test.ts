import { describe, expect, test } from 'vitest'
import { send, until } from '../blackbox/client.ts'
import { patiently } from '../patience.ts'
import { TWO_SHARDS, whenService } from '../services/index.ts'
import { KEYSPACE } from '../services/vitess.ts'
import { mysqlMysqlds } from '../services/vitess-mysql.ts'
import { startLoad } from '../wide/engines/load.ts'
import { useVitessReplicas } from '../wide/engines/vitess-replicas.ts'

const CLIENTS = 8
/** vtorc needs some four seconds on a calm machine. */
const PROMOTED_WITHIN_MS = 60_000

whenService(['mysql', 's3'], ({ s3 }) => {
  describe('two replicas on Vitess, three tablets a shard, semi-sync and vtorc', {
    timeout: patiently(240_000),
  }, () => {
    const options = { startMysqld: mysqlMysqlds(), tabletsPerShard: 3, durability: 'semi_sync', orc: true } as const
    const replicas = useVitessReplicas(s3, options, { CACHE_BYTES: '0' })

    /** Has clients make and read pastes while `happen` runs and for a while after it; gives what went wrong. */
    async function under(happen: () => Promise<void>): Promise<{ failures: string[]; lost: string[] }> {
      const load = startLoad(replicas.urls, CLIENTS)
      const made = (more: number) => {
        const wanted = load.acknowledged.length + more
        return until(
          async () => load.acknowledged.length,
          (count) => count >= wanted,
          PROMOTED_WITHIN_MS,
        )
      }
      await made(200)
      await happen()
      await made(200)
      await load.stop()
      for (const { what, retryAfter } of load.failures) {
        expect(what).toMatch(/ 503 (database_unavailable|commit_unknown|overloaded)$/)
        expect(retryAfter).toBe(true)
      }
      const lost: string[] = []
      for (const slug of load.acknowledged) {
        const read = await until(
          () => send(`${replicas.urls[0]}/raw/${slug}`),
          ({ status }) => status !== 503,
        )
        if (read.bytes.toString() !== slug) lost.push(slug)
      }
      const counted = Object.entries(Object.groupBy(load.failures, ({ what }) => what))
      const failures = counted.map(([what, all = []]) => `${all.length} x ${what}`)
      process.stdout.write(
        `${load.acknowledged.length} acknowledged, ${lost.length} lost, slowest ${Math.round(load.slowestMs)} ms, ${failures.join(', ') || 'no failure'}\n`,
      )
      return { failures, lost }
    }

    test('a primary gives way to another tablet: nothing is lost', async () => {
      const { lost } = await under(async () => {
        const primary = await replicas.vitess.primaryOf('80-')
        const startedAt = performance.now()
        await replicas.vitess.control('PlannedReparentShard', `${KEYSPACE}/80-`, `--avoid-primary=${primary.alias}`)
        process.stdout.write(`gave way in ${Math.round(performance.now() - startedAt)} ms\n`)
      })
      expect(lost).toEqual([])
    })

    test.each(TWO_SHARDS)('the primary of %s dies: nothing acknowledged is lost, and requests go on', async (shard) => {
      const { lost } = await under(async () => {
        const primary = await replicas.vitess.primaryOf(shard)
        const killedAt = performance.now()
        await primary.kill()
        await until(
          async () => (await replicas.vitess.primaryOf(shard)).alias,
          (alias) => alias !== primary.alias,
          PROMOTED_WITHIN_MS,
        )
        await replicas.vitess.served(TWO_SHARDS)
        process.stdout.write(`another primary after ${Math.round(performance.now() - killedAt)} ms\n`)
        // It stays away: what it had not yet sent to a replica nobody was told of, and Vitess takes no such server back.
      })
      expect(lost).toEqual([])
    })
  })
})
