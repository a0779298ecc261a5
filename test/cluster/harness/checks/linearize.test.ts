import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Call, linearize } from './linearize.ts'

const span = (from: number, to: number) => ({ from, to, optional: to === Number.POSITIVE_INFINITY })
const read = (from: number, to: number, value: number): Call<number> => {
  return { ...span(from, to), isRead: true, apply: (state) => (state === value ? state : undefined) }
}
const write = (from: number, to: number, value: number): Call<number> => {
  return { ...span(from, to), isRead: false, apply: () => value }
}
const swap = (from: number, to: number, expected: number, value: number): Call<number> => {
  return { ...span(from, to), isRead: false, apply: (state) => (state === expected ? value : undefined) }
}

describe('a history of a register', () => {
  test('is possible when some order within the spans explains it', () => {
    expect(linearize([write(0, 10, 1), read(2, 4, 1), read(2, 4, 0)], 0)).toEqual({ possible: true })
    expect(linearize([swap(0, 10, 1, 2), swap(0, 10, 0, 1), read(11, 12, 2)], 0)).toEqual({ possible: true })
  })

  test('is not when a read goes back in time, or two swaps win by one value', () => {
    expect(linearize([write(0, 1, 1), read(2, 3, 0)], 0)).toEqual({ possible: false, stuck: [1] })
    expect(linearize([swap(0, 10, 0, 1), swap(0, 10, 0, 2)], 0)).toMatchObject({ possible: false })
  })

  test('may or may not have a write of unknown outcome, at any time after it began', () => {
    const unknown = write(0, Number.POSITIVE_INFINITY, 1)
    expect(linearize([unknown, read(5, 6, 0), read(90, 91, 1)], 0)).toEqual({ possible: true })
    expect(linearize([unknown, read(90, 91, 0)], 0)).toEqual({ possible: true })
    expect(linearize([unknown, read(5, 6, 1), read(90, 91, 0)], 0)).toMatchObject({ possible: false })
  })

  test('that a real register made is always possible', () => {
    const step = fc.record({
      kind: fc.constantFrom('read', 'write', 'swap'),
      wait: fc.nat(5),
      before: fc.nat(20),
      after: fc.nat(20),
      guess: fc.boolean(),
      lost: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        let [state, now] = [0, 0]
        const calls = steps.flatMap(({ kind, wait, before, after, guess, lost }, index) => {
          now += wait + 1
          const [from, to] = [now - before, lost ? Number.POSITIVE_INFINITY : now + after]
          if (kind === 'read') return lost ? [] : [read(from, to, state)]
          const [expected, value] = [guess ? state : -1, index + 1]
          if (kind === 'write') {
            state = value
            return [write(from, to, value)]
          }
          if (!guess) return []
          state = value
          return [swap(from, to, expected, value)]
        })
        expect(linearize(calls, 0)).toEqual({ possible: true })
      }),
    )
  })

  test('that is too wide to decide is called so, and is given up in bounded work', () => {
    const wide = Array.from({ length: 24 }, (_, index) => write(0, 100, index + 1))
    expect(linearize([...wide, read(101, 102, -1)], 0)).toEqual({ possible: 'undecided' })
  })
})
