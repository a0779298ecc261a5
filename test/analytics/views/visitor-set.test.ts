import { hash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createVisitorSet } from '../../../src/analytics/views/visitor-set.ts'

const bits = (visitor: number) => hash('sha256', `visitor ${visitor}`, 'buffer').readUIntBE(0, 6)
const setOf = (from: number, to: number) => {
  const set = createVisitorSet()
  for (let visitor = from; visitor < to; visitor++) set.add(bits(visitor))
  return set
}

describe('a set of visitors', () => {
  test('is exact up to 256', () => {
    for (const size of [0, 1, 100, 256]) expect(setOf(0, size).count()).toBe(size)
  })

  test.each([257, 1_000, 10_000, 100_000])('counts %i within 5 %%', (size) => {
    expect(Math.abs(setOf(0, size).count() / size - 1)).toBeLessThan(0.05)
  })

  test('knows who came before, and takes 4 KiB however many they are', () => {
    const set = setOf(0, 20_000)
    const count = set.count()
    for (let visitor = 0; visitor < 20_000; visitor++) set.add(bits(visitor))
    expect([set.count(), set.encode().length]).toEqual([count, 4_096])
  })

  test('of two replicas is that of all their visitors, in either order, stored or not', () => {
    const range = fc.tuple(fc.integer({ min: 0, max: 900 }), fc.integer({ min: 0, max: 900 }))
    fc.assert(
      fc.property(range, range, ([a, b], [c, d]) => {
        const [one, other] = [setOf(Math.min(a, b), Math.max(a, b)), setOf(Math.min(c, d), Math.max(c, d))]
        const all = new Set([...one.content(), ...other.content()].filter((value) => value > 64))
        const forth = createVisitorSet(one.encode())
        forth.merge(createVisitorSet(other.encode()))
        const back = createVisitorSet(other.encode())
        back.merge(one)
        expect(forth.count()).toBe(back.count())
        if (Math.max(b - a, a - b) + Math.max(d - c, c - d) <= 256) expect(forth.count()).toBe(all.size)
      }),
      { numRuns: 60 },
    )
  })
})
