import { describe, expect, test } from 'vitest'
import { bearer, create, json, newSlug, postRaw, send, until } from '../blackbox/client.ts'
import { expectRecovery, expectUnavailable } from '../blackbox/unavailable.ts'
import { patiently } from '../patience.ts'
import { TWO_SHARDS, whenService } from '../services/index.ts'
import { shardOf } from './engines/vitess-database.ts'
import { ON_MARIADB, useVitessReplicas, type VitessReplicas } from './engines/vitess-replicas.ts'

const CLIENTS = 8

whenService(['mariadb', 's3'], ({ s3 }) => {
  describe('replicas on Vitess, of whose two shards one dies', { timeout: patiently(120_000) }, () => {
    // Without a cache, so that each read asks a shard.
    const replicas = useVitessReplicas(s3, { gateFlags: ON_MARIADB }, { CACHE_BYTES: '0' })

    test.each(TWO_SHARDS)('the other shard of %s goes on without one error, and new replicas start', async (dying) => {
      const [one, other] = replicas.urls
      const living = TWO_SHARDS.find((shard) => shard !== dying) ?? ''
      const [mine = '', theirs = ''] = [await slugOf(replicas, living), await slugOf(replicas, dying)]
      for (const slug of [mine, theirs]) await create(one, slug, `slug=${slug}`)
      const load = await startLoad(replicas, living)
      await load.answered(50)

      const machine = replicas.vitess.tablets.find(({ shard }) => shard === dying)
      await machine?.kill()
      await load.answered(200)
      await expectUnavailable(() => send(`${other}/raw/${theirs}`), ['database_unavailable'])
      await expectUnavailable(() => postRaw(other, 'x', `slug=${theirs}`), ['database_unavailable'])
      expect((await postRaw(other, 'x', `slug=${mine}`)).status).toBe(409)

      const late = await replicas.another()
      expect((await send(`${late.url}/raw/${mine}`)).bytes.toString()).toBe(mine)
      await expectUnavailable(() => send(`${late.url}/raw/${theirs}`), ['database_unavailable'])
      const ready = await until(
        () => send(`${late.url}/health/ready`),
        (answer) => json<Ready>(answer).parts[`database ${dying}`] === 'unavailable',
      )
      expect(ready.status).toBe(200)
      expect(json<Ready>(ready).parts).toMatchObject({ database: 'ok', [`database ${living}`]: 'ok' })
      await load.answered(200)

      await machine?.restart()
      await replicas.vitess.served(TWO_SHARDS)
      await until(
        () => send(`${other}/raw/${theirs}`),
        ({ status }) => status === 200,
      )
      for (const url of [one, other, late.url]) await expectRecovery(url)
      expect(await load.end()).toEqual([])
    })

    test('what the log of a replica says of it holds no content', async () => {
      const secret = `canary${newSlug()}`
      const [one] = replicas.urls
      const { slug, editToken } = await create(one, secret, `title=${secret}`)
      const [machine] = replicas.vitess.tablets.filter(({ shard }) => TWO_SHARDS.includes(shard))
      await machine?.execute('set global super_read_only = 1').catch(() => machine.execute('set global read_only = 1'))
      await Promise.all(Array.from({ length: 20 }, () => postRaw(one, secret, `title=${secret}`)))
      await send(`${one}/api/v1/pastes/${slug}`, { method: 'DELETE', headers: bearer(editToken) })
      await machine?.execute('set global read_only = 0')
      for (const replica of replicas.replicas) expect(replica.output()).not.toContain(secret)
    })
  })
})

type Ready = { parts: Record<string, string> }

/** A slug that the shard has, or would have. */
async function slugOf({ vitess }: VitessReplicas, shard: string): Promise<string> {
  for (;;) {
    const slug = newSlug()
    if ((await shardOf(vitess, slug)) === shard) return slug
  }
}

/** Clients that make, edit, list and read pastes of one shard alone, at both replicas; every answer that is wrong is kept. */
async function startLoad(replicas: VitessReplicas, shard: string) {
  const slugs: string[] = []
  while (slugs.length < 400) slugs.push(await slugOf(replicas, shard))
  const wrong: string[] = []
  let running = true
  let answers = 0
  const expectStatus = (what: string, wanted: number, status: number) => {
    answers++
    if (status !== wanted) wrong.push(`${what}: ${status}`)
  }
  const client = async (index: number) => {
    for (let turn = index; running; turn += CLIENTS) {
      const [one = '', other = ''] = turn % 2 ? replicas.urls : [...replicas.urls].reverse()
      const slug = slugs[turn % slugs.length] ?? ''
      const made = await postRaw(one, slug, `slug=${slug}&burnAfterReading=false`)
      expectStatus('create', turn < slugs.length ? 201 : 409, made.status)
      expectStatus('read', 200, (await send(`${other}/raw/${slug}`)).status)
    }
  }
  const clients = Array.from({ length: CLIENTS }, (_, index) => client(index))
  return {
    answered: (more: number) => {
      const wanted = answers + more
      return until(
        async () => answers,
        (count) => count >= wanted,
      )
    },
    async end() {
      running = false
      await Promise.all(clients)
      return wrong
    },
  }
}
