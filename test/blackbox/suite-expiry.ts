import { describe, expect, test } from 'vitest'
import { patiently } from '../patience.ts'
import { bearer, codeOf, create, json, logText, newSlug, postRaw, send, sendJson, until } from './client.ts'
import type { Replicas } from './suite.ts'

/** An expired paste is served by nobody later than this after its end. */
const LATE_MS = patiently(1_000)
/** The database's time decides, and a replica knows it to within half a round trip. */
const CLOCKS_MS = 250

/** The end of a paste, by time. */
export function expirySuite(replicas: () => Replicas): void {
  /** Creates a paste that ends in seconds, reads it at both and does `act`; again with more time if that took too long. */
  const expireSoon = async (sizeBytes: number, act = async (_made: { slug: string; editToken: string }) => 0) => {
    const { one, other } = replicas()
    for (let seconds = 2; ; seconds *= 2) {
      const slug = newSlug()
      const made = await create(one, logText(sizeBytes), `slug=${slug}&expiresIn=${seconds}s`)
      const endsAt = Date.parse(made.expiresAt ?? '')
      const reads = [await send(`${one}/raw/${slug}`), await send(`${other}/raw/${slug}`)]
      const status = await act(made)
      if (Date.now() >= endsAt) continue
      expect(reads.map((read) => read.status)).toEqual([200, 200])
      return { ...made, endsAt, status }
    }
  }

  describe.concurrent('expiry', () => {
    test.each([
      ['small', 300],
      ['large', 300_000],
    ])('a %s paste is gone from every replica when its time is over', async (_name, sizeBytes) => {
      const { one, other } = replicas()
      const { slug, endsAt, editToken } = await expireSoon(sizeBytes)
      for (const base of [one, other]) {
        let lastSeenAt = 0
        const gone = await until(
          async () => {
            const askedAt = Date.now()
            const answer = await send(`${base}/raw/${slug}`)
            if (answer.status === 200) lastSeenAt = askedAt
            return answer
          },
          ({ status }) => status !== 200,
        )
        expect([gone.status, codeOf(gone)]).toEqual([410, 'expired'])
        expect(lastSeenAt).toBeLessThan(endsAt + LATE_MS)
        expect(Date.now()).toBeGreaterThanOrEqual(endsAt - CLOCKS_MS)
      }
      for (const path of [`/${slug}`, `/api/v1/pastes/${slug}`, `/api/v1/pastes/${slug}/content`])
        expect((await send(other + path)).status).toBe(410)
      const again = await postRaw(other, 'mine now', `slug=${slug}`)
      expect([again.status, codeOf(again)]).toEqual([409, 'slug_quarantined'])
      expect(
        (await send(`${one}/api/v1/pastes/${slug}`, { method: 'DELETE', headers: bearer(editToken) })).status,
      ).toBe(410)
    })

    test('an expiry that is put off keeps the paste', async () => {
      const { one, other } = replicas()
      const { slug, endsAt, status } = await expireSoon(300, async (made) => {
        const path = `${one}/api/v1/pastes/${made.slug}`
        return (await sendJson(path, 'PATCH', { expiresIn: '1h' }, bearer(made.editToken))).status
      })
      expect(status).toBe(200)
      await until(
        async () => Date.now(),
        (now) => now > endsAt + 1_000,
        patiently(60_000),
      )
      for (const base of [one, other]) expect((await send(`${base}/raw/${slug}`)).status).toBe(200)
    })

    test('a link ends too', async () => {
      const { one, other } = replicas()
      const link = { url: 'https://example.com/', expiresIn: '1s' }
      const { slug } = json<{ slug: string }>(await sendJson(`${one}/api/v1/links`, 'POST', link))
      expect(
        (
          await until(
            () => send(`${other}/${slug}`),
            ({ status }) => status !== 302,
          )
        ).status,
      ).toBe(410)
    })

    test('a download that began in time is finished after the end', async () => {
      const bytes = logText(16 * 1024 * 1024)
      const { one, other } = replicas()
      const { slug, editToken } = await create(one, bytes)
      const response = await fetch(`${other}/raw/${slug}`, { headers: { 'accept-encoding': 'identity' } })
      expect(response.status).toBe(200)
      // Only now: however slow the machine is, the download has begun.
      const change = await sendJson(`${one}/api/v1/pastes/${slug}`, 'PATCH', { expiresIn: '1s' }, bearer(editToken))
      expect(change.status).toBe(200)
      await until(
        () => send(`${other}/raw/${slug}`, { method: 'HEAD' }),
        ({ status }) => status === 410,
      )
      expect(Buffer.from(await response.arrayBuffer()).equals(bytes)).toBe(true)
    })

    test('never is for ever, and a time out of bounds is refused', async () => {
      expect((await create(replicas().one, 'x', 'expiresIn=never')).expiresAt).toBeNull()
      const far = await create(replicas().one, 'x', 'expiresIn=2592000')
      expect((await send(`${replicas().other}/raw/${far.slug}`)).status).toBe(200)
    })
  })
}
