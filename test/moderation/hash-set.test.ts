import { hash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createHashSet } from '../../src/moderation/hash-set.ts'

const sha256 = (text: string) => hash('sha256', text)

test('has what was added, and nothing else, however many there are', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.string(), { maxLength: 3_000 }), fc.nat(), (texts, cut) => {
      const set = createHashSet()
      const added = texts.slice(0, cut % (texts.length + 1))
      for (const text of [...added, ...added]) set.add(sha256(text))
      expect(set.size).toBe(added.length)
      expect(texts.filter((text) => set.has(sha256(text)))).toEqual(added)
    }),
    { numRuns: 30 },
  )
})

test('tells hashes of zeros and of ones apart', () => {
  const set = createHashSet()
  set.add('f'.repeat(64))
  expect([set.has('f'.repeat(64)), set.has('0'.repeat(64))]).toEqual([true, false])
  set.add('0'.repeat(64))
  expect(set.has('0'.repeat(64))).toBe(true)
})
