import { describe, expect, test } from 'vitest'
import { createPending } from '../../../src/analytics/stream/pending.ts'

const LIMITS = { rows: 5, bytes: 1_000, intervalMs: 60_000 }
const MIDNIGHT_AT = Date.parse('2026-11-24T00:00:00Z')

function fetched(partition: number, from: number, to: number, next = to) {
  const messages = Array.from({ length: to - from }, (_, index) => {
    const offset = from + index
    return {
      partition,
      offset,
      timestamp: 0,
      value: Buffer.from(JSON.stringify({ timestamp: MIDNIGHT_AT + offset - 2 })),
    }
  })
  return { partition, next, messages }
}

function assigned(...partitions: number[]) {
  const pending = createPending(LIMITS)
  pending.assign(new Map(partitions.map((partition) => [partition, 0])))
  return pending
}

const offsets = (rows: readonly { offset: number }[]) => rows.map(({ offset }) => offset)

describe('rows at hand', () => {
  test('are grouped by partition and day, whatever order the days come in', () => {
    const pending = assigned(0, 1)
    pending.add(fetched(0, 0, 4), 0)
    pending.add(fetched(1, 3, 4), 0)
    expect(pending.rows().map(({ partition, day, rows }) => [partition, day, offsets(rows)])).toEqual([
      [0, '2026-11-23', [0, 1]],
      [0, '2026-11-24', [2, 3]],
      [1, '2026-11-24', [3]],
    ])
  })

  test('are due when there are enough, when they are long enough, or when the oldest has waited', () => {
    const pending = assigned(0)
    expect(pending.isDue(1e9)).toBe(false)
    pending.add(fetched(0, 0, 1), 1_000)
    pending.add(fetched(0, 1, 2), 50_000)
    expect([pending.isDue(60_999), pending.isDue(61_000)]).toEqual([false, true])
    pending.add(fetched(0, 2, 5), 50_000)
    expect(pending.isDue(50_000)).toBe(true)
    const long = createPending({ ...LIMITS, bytes: 60 })
    long.assign(new Map([[0, 0]]))
    long.add(fetched(0, 0, 2), 0)
    expect(long.isDue(0)).toBe(true)
  })

  test('of a partition that is kept stay, of one that was given away or moved on by another are forgotten', () => {
    const pending = assigned(0, 1, 2)
    for (const partition of [0, 1, 2]) pending.add(fetched(partition, 0, 2), 0)
    pending.assign(
      new Map([
        [0, 0],
        [2, 40],
        [3, 7],
      ]),
    )
    expect(pending.positions()).toEqual(
      new Map([
        [0, 2],
        [2, 40],
        [3, 7],
      ]),
    )
    expect(pending.rows().map(({ partition }) => partition)).toEqual([0])
    expect(pending.size()).toBe(2)
  })

  test('once written and committed are gone, and reading goes on behind them', () => {
    const pending = assigned(0, 1)
    pending.add(fetched(0, 0, 3), 0)
    expect(pending.progress()).toEqual(new Map([[0, 3]]))
    pending.clear()
    expect([pending.size(), pending.rows(), pending.progress()]).toEqual([0, [], new Map()])
    expect(pending.positions()).toEqual(
      new Map([
        [0, 3],
        [1, 0],
      ]),
    )
    expect(pending.isDue(1e12)).toBe(false)
  })

  test('an end of log without messages is progress too', () => {
    const pending = assigned(0)
    pending.add(fetched(0, 0, 0, 12), 0)
    expect(pending.progress()).toEqual(new Map([[0, 12]]))
  })

  test('never go backwards', () => {
    const pending = assigned(0)
    pending.add(fetched(0, 0, 3), 0)
    expect(() => pending.add(fetched(0, 2, 4), 0)).toThrow('backwards')
  })
})
