import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { type Created, codeOf, create, json, logText, postRaw, send, sendJson } from './client.ts'
import type { Replicas } from './suite.ts'

/** Idempotency-Key: a create may be repeated, at any replica, and makes one paste. */
export function repeatSuite(replicas: () => Replicas): void {
  const once = () => ({ 'idempotency-key': randomUUID() })

  describe('repeat', () => {
    test.each([
      ['small', 500],
      ['large', 300_000],
    ])('a %s create that is repeated at the other replica gets the same answer', async (_name, sizeBytes) => {
      const { one, other } = replicas()
      const [key, bytes] = [once(), logText(sizeBytes)]
      const first = await create(one, bytes, 'title=once', key)
      const second = await create(other, bytes, 'title=once', key)
      const { url: _one, rawUrl: _raw, ...rest } = first
      expect(second).toMatchObject(rest)
    })

    test('creates at the same time under one key make one paste', async () => {
      const { one, other } = replicas()
      const [key, bytes] = [once(), logText(2_000)]
      const answers = await Promise.all(
        Array.from({ length: 12 }, (_, index) => postRaw(index % 2 ? one : other, bytes, '', key)),
      )
      const made = answers.filter(({ status }) => status === 201).map((answer) => json<Created>(answer).slug)
      expect(new Set(made).size).toBe(1)
      for (const answer of answers)
        if (answer.status !== 201) expect([answer.status, codeOf(answer)]).toEqual([409, 'idempotency_in_progress'])
      expect((await create(one, bytes, '', key)).slug).toBe(made[0])
    })

    test('a key that came with something else is refused', async () => {
      const { one, other } = replicas()
      const key = once()
      await create(one, 'this', '', key)
      for (const [bytes, query] of [
        ['that', ''],
        ['this', 'title=another'],
      ] as const) {
        const answer = await postRaw(other, bytes, query, key)
        expect([answer.status, codeOf(answer)]).toEqual([422, 'idempotency_mismatch'])
      }
    })

    test('a create that was refused leaves its key free', async () => {
      const key = once()
      expect((await postRaw(replicas().one, 'x', 'slug=api', key)).status).toBe(422)
      expect((await postRaw(replicas().other, 'x', '', key)).status).toBe(201)
    })

    test('a repeated link is one link', async () => {
      const key = once()
      const link = async (base: string) =>
        json<{ slug: string; editToken: string }>(
          await sendJson(`${base}/api/v1/links`, 'POST', { url: 'https://example.com/x' }, key),
        )
      const [first, second] = [await link(replicas().one), await link(replicas().other)]
      expect([second.slug, second.editToken]).toEqual([first.slug, first.editToken])
    })

    test('the shell form may be repeated too', async () => {
      const headers = once()
      const put = (base: string) => send(`${base}/`, { method: 'PUT', body: 'again\n', headers })
      const [first, second] = [await put(replicas().one), await put(replicas().other)]
      const pathOf = (answer: { bytes: Buffer }) => new URL(answer.bytes.toString().trim()).pathname
      expect(pathOf(second)).toBe(pathOf(first))
      expect(second.headers.get('x-edit-token')).toBe(first.headers.get('x-edit-token'))
    })
  })
}
