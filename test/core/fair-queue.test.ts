import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createFairQueue } from '../../src/core/index.ts'

const all = (queue: { shift(): string | undefined }) => {
  const items: string[] = []
  for (let item = queue.shift(); item !== undefined; item = queue.shift()) items.push(item)
  return items
}

describe('a fair queue', () => {
  test('gives each client a turn, however many items one of them has', () => {
    const queue = createFairQueue<string>(10)
    for (const item of ['a1', 'a2', 'a3', 'b1', 'c1', 'b2']) queue.push(item.slice(0, 1), item)
    expect(all(queue)).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'a3'])
  })

  test('drops the newest of the client with the most when it is full', () => {
    const queue = createFairQueue<string>(3)
    for (const item of ['a1', 'a2', 'a3']) expect(queue.push('a', item)).toBeUndefined()
    expect(queue.push('a', 'a4')).toBe('a4')
    expect(queue.push('b', 'b1')).toBe('a3')
    expect(queue.push('c', 'c1')).toBe('a2')
    expect(queue.push('d', 'd1')).toBe('d1')
    expect(all(queue)).toEqual(['a1', 'b1', 'c1'])
  })

  test('loses no item: each comes out once, is dropped once, or was taken out', () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('push' as const), client: fc.constantFrom('a', 'b', 'c') }),
      fc.record({ kind: fc.constantFrom('shift' as const, 'remove' as const), client: fc.constant('') }),
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const queue = createFairQueue<number>(5)
        const waiting = new Set<number>()
        for (const [index, { kind, client }] of steps.entries()) {
          if (kind === 'push') {
            waiting.add(index)
            const dropped = queue.push(client, index)
            if (dropped !== undefined) expect(waiting.delete(dropped)).toBe(true)
          } else if (kind === 'shift') {
            const item = queue.shift()
            expect(item === undefined ? waiting.size === 0 : waiting.delete(item)).toBe(true)
          } else {
            const [any] = waiting
            expect(queue.remove(any ?? -1)).toBe(waiting.delete(any ?? -1))
          }
          expect(queue.size).toBe(waiting.size)
          expect(queue.size).toBeLessThanOrEqual(5)
        }
      }),
    )
  })
})
