import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createFairPlaces, type Release } from '../../src/core/index.ts'

const refusal = () => new Error('refused')
const now = (release: Release | Promise<Release>) => release as Release

/** A holder of a rate, which remembers whether it had to give way. */
function holder(rate: number | undefined) {
  const state = {
    gaveWay: false,
    rate: () => rate,
    giveWay() {
      state.gaveWay = true
    },
  }
  return state
}

describe('fair places', () => {
  test('one client may have all of them while nobody else wants one', () => {
    const places = createFairPlaces({ places: 3, mostWaiting: 3, refusal })
    for (let count = 0; count < 3; count++) places.enter('a')
    expect([places.held(), places.relieve(Infinity)]).toEqual([3, 0])
  })

  test('the slowest of the largest holder gives way to another client', async () => {
    const places = createFairPlaces({ places: 3, mostWaiting: 3, refusal })
    const holders = [5, 1, 9].map(holder)
    const releases = holders.map((one) => now(places.enter('a', one)))
    const waiting = places.enter('b')
    expect(places.relieve(0)).toBe(1)
    expect(holders.map(({ gaveWay }) => gaveWay)).toEqual([false, true, false])
    expect(places.relieve(0), 'one for each that waits').toBe(0)
    releases[1]?.()
    await waiting
    expect(places.held()).toBe(3)
  })

  test('among equals only one below the least rate gives way', () => {
    const places = createFairPlaces({ places: 2, mostWaiting: 2, refusal })
    const [slow, fast] = [holder(10), holder(1_000)]
    places.enter('a', slow)
    places.enter('b', fast)
    void places.enter('c')
    expect([places.relieve(10), places.relieve(11)]).toEqual([0, 1])
    expect([slow.gaveWay, fast.gaveWay]).toEqual([true, false])
  })

  test('work that can not give way is left alone', () => {
    const places = createFairPlaces({ places: 2, mostWaiting: 2, refusal })
    places.enter('a', holder(undefined))
    places.enter('a')
    void places.enter('b')
    expect(places.relieve(Infinity)).toBe(0)
  })

  test('a full queue has room for a client that wants less', async () => {
    const places = createFairPlaces({ places: 1, mostWaiting: 2, refusal })
    const first = now(places.enter('a'))
    const greedy = [places.enter('a'), places.enter('a')] as Promise<Release>[]
    const modest = places.enter('b') as Promise<Release>
    await expect(greedy[1]).rejects.toThrow('refused')
    expect(() => places.enter('a')).toThrow('refused')
    first()
    now(await (greedy[0] as Promise<Release>))()
    await modest
  })

  test('a caller that gives up waiting takes no place', async () => {
    const places = createFairPlaces({ places: 1, mostWaiting: 1, refusal })
    const first = now(places.enter('a'))
    const waiting = new AbortController()
    const entering = places.enter('b', undefined, waiting.signal)
    waiting.abort(new Error('enough'))
    await expect(entering).rejects.toThrow('enough')
    first()
    expect([places.held(), places.waiting()]).toEqual([0, 0])
  })

  test('never more than its places; none is lost; nobody is left to wait beside a free one', async () => {
    type Step = { what: 'enter' | 'release' | 'relieve'; client: string; rate: number }
    const step: fc.Arbitrary<Step> = fc.record({
      what: fc.constantFrom('enter', 'enter', 'release', 'relieve'),
      client: fc.constantFrom('a', 'b', 'c', 'd'),
      rate: fc.nat(20),
    })
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 5 }), fc.nat(4), fc.array(step), async (most, mostWaiting, steps) => {
        const places = createFairPlaces({ places: most, mostWaiting, refusal })
        const held: { client: string; release: Release }[] = []
        const leaving: (() => void)[] = []
        let [entered, refused] = [0, 0]
        for (const { what, client, rate } of steps) {
          if (what === 'release') held.shift()?.release()
          else if (what === 'relieve') {
            const before = held.length
            const relieved = places.relieve(rate)
            expect(relieved).toBeLessThanOrEqual(Math.min(before, places.waiting()))
            for (const leave of leaving.splice(0)) leave()
          } else {
            const work = { rate: () => rate, giveWay: () => void leaving.push(() => mine?.release()) }
            let mine: (typeof held)[number] | undefined
            const enter = async () => {
              const release = await places.enter(client, work)
              entered++
              mine = { client, release }
              held.push(mine)
            }
            enter().catch(() => refused++)
          }
          for (let turn = 0; turn < 5; turn++) await undefined
          expect(places.held()).toBeLessThanOrEqual(most)
          if (places.waiting() > 0) expect(places.held()).toBe(most)
          expect(places.waiting()).toBeLessThanOrEqual(mostWaiting)
        }
        while (places.held() > 0) {
          for (const { release } of held.splice(0)) release()
          for (let turn = 0; turn < 5; turn++) await undefined
        }
        expect(entered + refused).toBe(steps.filter(({ what }) => what === 'enter').length)
        expect(places.waiting()).toBe(0)
      }),
    )
  })
})
