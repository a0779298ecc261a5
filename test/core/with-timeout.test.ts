import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { settledWithin, withTimeout } from '../../src/core/index.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const never = () => new Promise<string>(() => {})

test('work in time gives its result, or its own error, and leaves no timer', async () => {
  expect(await withTimeout(Promise.resolve('done'), 10)).toBe('done')
  await expect(withTimeout(Promise.reject(new Error('failed')), 10)).rejects.toThrow('failed')
  expect([await settledWithin(Promise.resolve(), 10), await settledWithin(Promise.reject(new Error()), 10)]).toEqual([
    true,
    true,
  ])
  expect(vi.getTimerCount()).toBe(0)
})

test('work that is late is given up at its deadline, not before', async () => {
  const late = withTimeout(never(), 10, () => new Error('too late'))
  const settled = settledWithin(never(), 10)
  const outcomes = vi.fn()
  late.catch(outcomes)
  settled.then(outcomes)
  await vi.advanceTimersByTimeAsync(9)
  expect(outcomes).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(1)
  await expect(late).rejects.toThrow('too late')
  expect(await settled).toBe(false)
})

test('late work that fails after all is no unhandled rejection', async () => {
  const { promise, reject } = Promise.withResolvers<void>()
  const late = withTimeout(promise, 1)
  const settled = settledWithin(promise, 1)
  vi.advanceTimersByTime(1)
  await expect(late).rejects.toThrow('not within 1 ms')
  expect(await settled).toBe(false)
  // Vitest fails the run for an unhandled rejection.
  reject(new Error('afterwards'))
})
