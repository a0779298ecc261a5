import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createSingleFlight } from '../../src/core/index.ts'

describe('a single flight', () => {
  test('starts work once for each key that is asked for at the same time', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom('a', 'b', 'c')), async (keys) => {
        const flights = createSingleFlight<string>()
        const started: string[] = []
        const results = keys.map((key) =>
          flights.run(key, async () => {
            started.push(key)
            await Promise.resolve()
            return `of ${key}`
          }),
        )
        expect(await Promise.all(results)).toEqual(keys.map((key) => `of ${key}`))
        expect(started.toSorted()).toEqual([...new Set(keys)].toSorted())
      }),
    )
  })

  test('starts again once the work has settled, well or badly', async () => {
    const flights = createSingleFlight<number>()
    let runs = 0
    const work = async () => {
      runs++
      if (runs === 1) throw new Error('failed')
      return runs
    }
    const both = [flights.run('key', work), flights.run('key', work)]
    expect((await Promise.allSettled(both)).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect([await flights.run('key', work), await flights.run('key', work)]).toEqual([2, 3])
  })

  test.each([['key'], [undefined]])('work under way is not current once %s was forgotten, nor joined', async (key) => {
    const flights = createSingleFlight<boolean>()
    const gate = Promise.withResolvers<void>()
    const work = async (isCurrent: () => boolean) => {
      await gate.promise
      return isCurrent()
    }
    const before = flights.run('key', work)
    flights.forget(key)
    const after = flights.run('key', work)
    expect(after).not.toBe(before)
    gate.resolve()
    expect([await before, await after]).toEqual([false, true])
  })
})
