import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createSemaphore } from '../../src/core/index.ts'

const refusal = () => new Error('refused')

/** Work that lasts until `end` is called. */
function endless() {
  const { promise, resolve } = Promise.withResolvers<void>()
  return { work: () => promise, end: resolve }
}

describe('a semaphore', () => {
  test('runs work beyond its permits later, in order', async () => {
    const { run } = createSemaphore({ permits: 1 })
    const first = endless()
    const order: number[] = []
    const done = [run(first.work), ...[1, 2, 3].map((number) => run(async () => void order.push(number)))]
    expect(order).toEqual([])
    first.end()
    await Promise.all(done)
    expect(order).toEqual([1, 2, 3])
  })

  test('refuses work beyond its queue, until there is room again', async () => {
    const { run } = createSemaphore({ permits: 1, queueLength: 1, refusal })
    const first = endless()
    const running = [run(first.work), run(async () => {})]
    await expect(run(async () => {})).rejects.toThrow('refused')
    first.end()
    await Promise.all(running)
    expect(await run(async () => 'done')).toBe('done')
  })

  test('refuses a caller whose patience ends, who then takes no permit', async () => {
    const { run } = createSemaphore({ permits: 1, queueLength: 1, patienceMs: 1, refusal })
    const first = endless()
    const running = run(first.work)
    await expect(run(async () => {})).rejects.toThrow('refused')
    await expect(run(async () => {})).rejects.toThrow('refused')
    first.end()
    await running
    expect(await run(async () => 'done')).toBe('done')
  })

  test('loses no permit to a caller who leaves the queue, even at the moment of its turn', async () => {
    const { run } = createSemaphore({ permits: 1, queueLength: 2, patienceMs: 10_000 })
    const first = endless()
    const gone = new AbortController()
    const running = run(first.work)
    const waiting = run(async () => 'never', gone.signal)
    gone.abort(new Error('gone'))
    first.end()
    await expect(waiting).rejects.toThrow('gone')
    await running
    expect(await run(async () => 'done')).toBe('done')
  })

  test('takes the permit of failed work back', async () => {
    const { run, held } = createSemaphore({ permits: 1, queueLength: 0 })
    await expect(run(() => Promise.reject(new Error('failed')))).rejects.toThrow('failed')
    expect(held()).toBe(0)
    expect(await run(async () => 'done')).toBe('done')
  })

  test('never lends more than its permits, starts every caller, and ends with none held', async () => {
    const delays = fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 20 })
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 4 }), delays, async (permits, turnsOfLoop) => {
        const { run, held } = createSemaphore({ permits })
        const started: number[] = []
        let most = 0
        const work = turnsOfLoop.map((turns, index) =>
          run(async () => {
            started.push(index)
            most = Math.max(most, held())
            for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve))
          }),
        )
        await Promise.all(work)
        expect(started).toEqual(turnsOfLoop.map((_, index) => index))
        expect(most).toBeLessThanOrEqual(permits)
        expect(held()).toBe(0)
      }),
    )
  })
})
