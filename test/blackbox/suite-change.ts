import { describe, expect, test } from 'vitest'
import { patiently } from '../patience.ts'
import {
  type Answer,
  bearer,
  type Created,
  codeOf,
  create,
  json,
  logText,
  newSlug,
  postRaw,
  send,
  sendJson,
  until,
} from './client.ts'
import type { Replicas } from './suite.ts'

const MIB = 1024 * 1024

/** A delete or an edit is seen by every replica within this time. */
export const SEEN_WITHIN_MS = patiently(5_000)

/** Edits and deletes, seen from the other replica too. */
export function changeSuite(replicas: () => Replicas): void {
  const pathOf = (slug: string) => `/api/v1/pastes/${slug}`
  /** Asks the replica that made a change until the answer is right: once, unless it can't be known which one that was. */
  const settled = (path: string, isRight: (answer: Answer) => boolean) =>
    until(() => send(replicas().one + path), isRight, replicas().balanced ? SEEN_WITHIN_MS : 0)
  const replace = (base: string, made: Created, bytes: Buffer, headers = {}) =>
    send(`${base}${pathOf(made.slug)}/content`, {
      method: 'PUT',
      headers: { 'content-type': 'text/plain', ...bearer(made.editToken), ...headers },
      body: Buffer.from(bytes),
    })
  const remove = (base: string, made: { slug: string; editToken: string }, headers = {}) =>
    send(base + pathOf(made.slug), { method: 'DELETE', headers: { ...bearer(made.editToken), ...headers } })

  describe.concurrent('change', () => {
    test.each([
      ['small by small', 100, 200],
      ['small by large', 100, MIB + 5],
      ['large by small', MIB + 5, 100],
      ['large by large', MIB + 5, 2 * MIB],
    ])('content is replaced, %s', async (_name, beforeBytes, afterBytes) => {
      const { one, other } = replicas()
      const made = await create(one, logText(beforeBytes))
      await send(`${other}/raw/${made.slug}`)
      const after = logText(afterBytes)
      const answer = await replace(one, made, after)
      expect(answer.status).toBe(200)
      expect(json(answer)).toMatchObject({ slug: made.slug, size: afterBytes })
      await settled(`/raw/${made.slug}`, ({ bytes }) => bytes.equals(after))
      await until(
        () => send(`${other}/raw/${made.slug}`),
        ({ bytes }) => bytes.equals(after),
        SEEN_WITHIN_MS,
      )
    })

    test('many large edits in a row are all taken', async () => {
      const made = await create(replicas().one, logText(100_000))
      for (let edit = 1; edit <= 30; edit++) {
        const after = logText(100_000 + edit)
        expect((await replace(replicas().one, made, after)).status, `edit ${edit}`).toBe(200)
      }
      await settled(`/raw/${made.slug}`, ({ bytes }) => bytes.length === 100_030)
    })

    test('metadata changes, and the version counts up', async () => {
      const { one, other } = replicas()
      const made = await create(one, 'text', 'title=before')
      const change = { title: 'after', language: null, expiresIn: '1h' }
      const answer = await sendJson(one + pathOf(made.slug), 'PATCH', change, bearer(made.editToken))
      expect(answer.status).toBe(200)
      expect(json(answer)).toMatchObject({ title: 'after', version: 2 })
      await until(
        async () => json<{ title: string }>(await send(other + pathOf(made.slug))),
        ({ title }) => title === 'after',
        SEEN_WITHIN_MS,
      )
    })

    test('of two edits that build on the same version, one is taken', async () => {
      const { one, other } = replicas()
      const made = await create(one, 'first')
      const etag = (await send(one + pathOf(made.slug))).headers.get('etag') ?? ''
      const answers = await Promise.all([
        replace(one, made, Buffer.from('second'), { 'if-match': etag }),
        replace(other, made, Buffer.from('third'), { 'if-match': etag }),
      ])
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 412])
    })

    test('without the token nothing changes', async () => {
      const { one } = replicas()
      const made = await create(one, 'mine')
      const wrong = { slug: made.slug, editToken: made.editToken.replace(/^./, (first) => (first === 'A' ? 'B' : 'A')) }
      expect([
        (await remove(one, wrong)).status,
        (await send(one + pathOf(made.slug), { method: 'DELETE' })).status,
      ]).toEqual([403, 401])
      expect((await send(`${one}/raw/${made.slug}`)).bytes.toString()).toBe('mine')
    })

    test.each([
      ['small', 100],
      ['large', MIB + 5],
    ])('a %s paste that is deleted is gone, and its name stays its own', async (_name, sizeBytes) => {
      const { one, other } = replicas()
      const slug = newSlug()
      const made = await create(one, logText(sizeBytes), `slug=${slug}`)
      // Every cache on the way knows it.
      for (const base of [one, other]) expect((await send(`${base}/raw/${slug}`)).status).toBe(200)
      expect((await remove(one, made)).status).toBe(204)
      const gone = await settled(`/raw/${slug}`, ({ status }) => status !== 200)
      expect([gone.status, codeOf(gone)]).toEqual([410, 'deleted'])
      await until(
        () => send(`${other}/raw/${slug}`),
        ({ status }) => status === 410,
        SEEN_WITHIN_MS,
      )
      for (const base of [one, other]) {
        const taken = await postRaw(base, 'mine now', `slug=${slug}`)
        expect([taken.status, codeOf(taken)]).toEqual([409, 'slug_quarantined'])
      }
      expect((await remove(other, made)).status).toBe(410)
    })
  })
}
