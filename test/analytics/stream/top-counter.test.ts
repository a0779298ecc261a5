import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createTopCounter } from '../../../src/analytics/stream/top-counter.ts'

describe('the most frequent keys', () => {
  test('come first, those of equal count by name, as many as asked for', () => {
    const counter = createTopCounter(100)
    for (const key of ['b', 'c', 'a', 'c', 'd']) counter.add(key)
    expect(counter.top(3)).toEqual({
      entries: [
        { key: 'c', count: 2 },
        { key: 'a', count: 1 },
        { key: 'b', count: 1 },
      ],
      mayLack: 0,
    })
  })

  test('are never counted too high, nor lower than what is admitted, however many keys there are', () => {
    const keys = fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 600 })
    fc.assert(
      fc.property(keys, fc.integer({ min: 2, max: 20 }), (sequence, most) => {
        const counter = createTopCounter(most)
        const exact = new Map<string, number>()
        for (const key of sequence) {
          counter.add(`${key}`)
          exact.set(`${key}`, (exact.get(`${key}`) ?? 0) + 1)
        }
        const { entries, mayLack } = counter.top(most)
        const found = new Map(entries.map(({ key, count }) => [key, count]))
        expect(found.size).toBeLessThanOrEqual(most)
        for (const [key, count] of exact) {
          expect(found.get(key) ?? 0).toBeLessThanOrEqual(count)
          expect((found.get(key) ?? 0) + mayLack).toBeGreaterThanOrEqual(count)
        }
      }),
    )
  })
})
