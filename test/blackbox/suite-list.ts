import { describe, expect, test } from 'vitest'
import { bearer, codeOf, create, json, send } from './client.ts'
import type { Replicas } from './suite.ts'

type Page = { pastes: { slug: string; createdAt: string }[]; nextCursor: string | null }

/** The list of public pastes. */
export function listSuite(replicas: () => Replicas): void {
  const page = async (base: string, query: string) => json<Page>(await send(`${base}/api/v1/pastes?${query}`))

  describe('list', () => {
    test('pages of public pastes hold each one once, newest first', async () => {
      const { one, other } = replicas()
      const slugs: string[] = []
      for (let index = 0; index < 7; index++) slugs.push((await create(one, `n${index}`, 'visibility=public')).slug)
      const hidden = await create(one, 'hidden')
      const seen: string[] = []
      const times: number[] = []
      let cursor: string | null = ''
      while (cursor !== null && seen.length < 100) {
        const { pastes, nextCursor } = await page(other, `limit=3${cursor && `&cursor=${cursor}`}`)
        seen.push(...pastes.map(({ slug }) => slug))
        times.push(...pastes.map(({ createdAt }) => Date.parse(createdAt)))
        cursor = nextCursor
      }
      // Behind one address there are many replicas, whose clocks agree to some milliseconds: the times tell the order.
      expect(seen.filter((slug) => slugs.includes(slug)).toSorted()).toEqual(slugs.toSorted())
      expect(times).toEqual(times.toSorted((a, b) => b - a))
      expect(new Set(seen).size).toBe(seen.length)
      expect(seen).not.toContain(hidden.slug)
    })

    test('a deleted paste leaves the list', async () => {
      const { one, other } = replicas()
      const made = await create(one, 'gone soon', 'visibility=public')
      await send(`${one}/api/v1/pastes/${made.slug}`, { method: 'DELETE', headers: bearer(made.editToken) })
      expect((await page(other, 'limit=100')).pastes.map(({ slug }) => slug)).not.toContain(made.slug)
    })

    test.each([
      ['limit=0', 'invalid_limit'],
      ['limit=1e3', 'invalid_limit'],
      ['cursor=abc', 'invalid_cursor'],
      ['order=up', 'unknown_field'],
    ])('?%s is refused', async (query, code) => {
      expect(codeOf(await send(`${replicas().one}/api/v1/pastes?${query}`))).toBe(code)
    })

    test('the limits in force are told', async () => {
      expect(json(await send(`${replicas().one}/api/v1/limits`))).toMatchObject({ maxPasteBytes: 52_428_800 })
    })
  })
}
