import { once } from 'node:events'
import { request } from 'node:http'
import { describe, expect, test } from 'vitest'
import { codeOf, create, json, logText, newSlug, postRaw, send } from './client.ts'
import type { Replicas } from './suite.ts'

const CLIENTS = 32

/** Many clients want the same name at the same time, at every replica. */
export function raceSuite(replicas: () => Replicas): void {
  describe('race', () => {
    test.each([
      ['small', 300],
      ['large', 70_000],
    ])('of 32 %s creates with one name, one gets it', async (_name, sizeBytes) => {
      const { one, other } = replicas()
      const slug = newSlug()
      const bodies = Array.from({ length: CLIENTS }, () => logText(sizeBytes))
      const answers = await Promise.all(
        bodies.map(async (bytes, index) => postWhenThereIsRoom(index % 2 ? one : other, bytes, `slug=${slug}`)),
      )
      const winners = answers.flatMap(({ status }, index) => (status === 201 ? [index] : []))
      expect(winners).toHaveLength(1)
      for (const answer of answers)
        if (answer.status !== 201) expect([answer.status, codeOf(answer)]).toEqual([409, 'slug_taken'])
      const winner = bodies[winners[0] ?? -1]
      for (const base of [one, other])
        expect((await send(`${base}/raw/${slug}`)).bytes.equals(winner ?? Buffer.of())).toBe(true)
    })

    test('a taken name is refused before the body is read', async () => {
      const slug = newSlug()
      await create(replicas().one, 'first', `slug=${slug}`)
      const headers = { 'content-type': 'text/plain', 'content-length': 50_000_000, expect: '100-continue' }
      const asked = request(`${replicas().other}/api/v1/pastes?slug=${slug}`, { method: 'POST', headers })
      let toldToGoOn = false
      asked.on('continue', () => {
        toldToGoOn = true
      })
      asked.flushHeaders()
      const [answer] = await once(asked, 'response')
      asked.destroy()
      expect(answer.statusCode).toBe(409)
      // A load balancer tells everybody to go on.
      if (!replicas().balanced) expect(toldToGoOn).toBe(false)
    })

    test('pastes made at once all exist, each with its own content', async () => {
      const { one, other } = replicas()
      const bodies = Array.from({ length: 60 }, (_, index) => logText(200 + index * 37))
      const made = await Promise.all(bodies.map((bytes, index) => create(index % 2 ? one : other, bytes)))
      expect(new Set(made.map(({ slug }) => slug)).size).toBe(60)
      const read = await Promise.all(made.map(({ slug }, index) => send(`${index % 2 ? other : one}/raw/${slug}`)))
      expect(read.map(({ bytes }, index) => bytes.equals(bodies[index] ?? Buffer.of()))).toEqual(bodies.map(() => true))
    })
  })
}

/** Sends a create again while the replica has too many uploads: that answer decides nothing about the name. */
async function postWhenThereIsRoom(base: string, bytes: Buffer, query: string) {
  for (;;) {
    const answer = await postRaw(base, bytes, query)
    if (answer.status !== 503 || json<{ code: string }>(answer).code !== 'upload_capacity') return answer
  }
}
