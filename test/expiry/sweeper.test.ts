import { describe, expect, test } from 'vitest'
import { AppError, type Clock } from '../../src/core/index.ts'
import { type Sweepable, sweep } from '../../src/expiry/sweeper.ts'
import { silentLogger } from '../platform/silent-logger.ts'
import { measureBacklog } from './measure-backlog.ts'

const clock: Clock = { now: () => 1_000 }
const depsWith = (signal = new AbortController().signal) => ({
  clock,
  logger: silentLogger,
  randomBelow: (bound: number) => bound - 1,
  signal,
})

/** Numbers 1 to `count`, all due, each gone once it is purged. */
function numbers(count: number, purge: (item: number) => Promise<boolean> = async () => true) {
  const due = new Set(Array.from({ length: count }, (_, index) => index + 1))
  const lists: number[] = []
  const target: Sweepable<number> = {
    name: 'numbers',
    async listDue(_now, limit) {
      lists.push(limit)
      return [...due].slice(0, limit)
    },
    async purge(item) {
      const ours = await purge(item)
      if (ours) due.delete(item)
      return ours
    },
  }
  return { due, lists, target }
}

describe('a sweep', () => {
  test('removes nothing while the clock may not be trusted, and stops where it no longer may', async () => {
    let trusted = 3
    const { due, target } = numbers(100)
    const doubtful = { ...depsWith(), clock: { ...clock, mayEnd: () => trusted-- > 0 } }
    await sweep(target, doubtful)
    expect(due.size).toBeGreaterThan(97)
    const left = due.size
    await sweep(target, doubtful)
    expect(due.size).toBe(left)
  })

  test('goes on in batches of 500 until nothing is due', async () => {
    const { due, lists, target } = numbers(1_201)
    expect(await sweep(target, depsWith())).toMatchObject({ purged: 1_201, lost: 0, failed: 0 })
    expect(due.size).toBe(0)
    expect(lists).toEqual([500, 500, 500])
  })

  test('takes the soonest first', async () => {
    const order: number[] = []
    const { target } = numbers(1_201, async (item) => order.push(item) > 0)
    await sweep(target, depsWith())
    expect(order).toEqual(order.toSorted((a, b) => a - b))
  })

  test('begins at a random item once another sweep took one', async () => {
    const order: number[] = []
    const { due, target } = numbers(600, async (item) => {
      order.push(item)
      if (item !== 1) return true
      due.delete(item)
      return false
    })
    await sweep(target, depsWith())
    expect(order.slice(0, 500)).toEqual(Array.from({ length: 500 }, (_, index) => index + 1))
    expect(order[500]).toBe(600)
  })

  test('passes over what fails, and does not try it again at once', async () => {
    const { due, target } = numbers(20, async (item) => {
      if (item % 10 === 0) throw new AppError('storage_unavailable')
      return true
    })
    expect(await sweep(target, depsWith())).toMatchObject({ purged: 18, failed: 2 })
    expect([...due]).toEqual([10, 20])
  })

  test('ends when everything fails, however much is due', async () => {
    const { target, lists } = numbers(2_000, async () => {
      throw new AppError('storage_unavailable')
    })
    expect(await sweep(target, depsWith())).toMatchObject({ purged: 0, failed: 500 })
    expect(lists).toHaveLength(1)
  })

  test('two at once share the work, and each item is purged once', async () => {
    const claimed = new Set<number>()
    const { due, target } = numbers(900, async (item) => {
      if (claimed.has(item)) return false
      claimed.add(item)
      return true
    })
    const results = await Promise.all([sweep(target, depsWith()), sweep(target, depsWith())])
    expect(results.reduce((sum, { purged }) => sum + purged, 0)).toBe(900)
    expect(due.size).toBe(0)
  })

  test('stops between two items when it is told to', async () => {
    const abort = new AbortController()
    let seen = 0
    const { target } = numbers(400, async () => {
      if (++seen === 30) abort.abort()
      return true
    })
    const { purged } = await sweep(target, depsWith(abort.signal))
    expect(purged).toBeLessThan(60)
  })
})

test('a backlog of 1,500 ended pastes is swept, and reads are answered all the while', async () => {
  const backlog = await measureBacklog(1_500)
  expect(backlog).toMatchObject({ purged: 1_500, left: 0 })
  // At most a few hundred pastes are swept between two reads.
  expect(backlog.reads).toBeGreaterThan(1_500 / 400)
})
