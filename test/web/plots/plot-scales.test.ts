import { array, assert, constantFrom, double, integer, option, property } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { highestOf, linearScale, logScale, logScaleOf } from '../../../src/web/plots/plot-scale.ts'
import { stepWords, timeMarks } from '../../../src/web/plots/plot-time.ts'

const positive = double({ min: 1e-6, max: 1e15, noNaN: true })
const series = array(array(option(double({ min: 0, max: 1e12, noNaN: true })), { maxLength: 40 }), { maxLength: 4 })

describe('a linear scale', () => {
  test('begins at 0, and its ticks enclose everything it was made for', () =>
    assert(
      property(positive, constantFrom('decimal', 'binary'), (highest, steps) => {
        const { ticks, at } = linearScale(highest, steps)
        expect(ticks[0]).toBe(0)
        expect(ticks.at(-1)).toBeGreaterThanOrEqual(highest * (1 - 1e-9))
        expect(ticks.at(-1)).toBeLessThanOrEqual(highest * 2.5)
        expect(ticks.length).toBeLessThanOrEqual(4)
        expect([at(0), at(ticks.at(-1) ?? 0)]).toEqual([0, 1])
      }),
    ))
  test('has steps of 1, 2 or 5, and of bytes powers of two', () => {
    expect(linearScale(1_450).ticks).toEqual([0, 500, 1_000, 1_500])
    expect(linearScale(0.3).ticks).toEqual([0, 0.1, 0.2, 0.3])
    expect(linearScale(170 * 2 ** 20, 'binary').ticks).toEqual([0, 64, 128, 192].map((mebi) => mebi * 2 ** 20))
  })
  test('of counts has no half', () => {
    expect(linearScale(1, 'whole').ticks).toEqual([0, 1])
    expect(linearScale(2, 'whole').ticks).toEqual([0, 1, 2])
    expect(linearScale(40, 'whole').ticks).toEqual([0, 20, 40])
  })
  test('without anything to show is one from 0 to 1', () => {
    expect(linearScale(0).ticks.at(-1)).toBe(1)
    expect(linearScale(highestOf([[null, null]])).ticks.at(-1)).toBe(1)
  })
  test('keeps what lies outside at its ends', () => {
    expect([-5, 900].map(linearScale(10).at)).toEqual([0, 1])
  })
})

describe('a logarithmic scale', () => {
  test('is made of whole powers of ten around what it was made for', () =>
    assert(
      property(positive, positive, (one, other) => {
        const [low, high] = [Math.min(one, other), Math.max(one, other)]
        const { ticks, at } = logScale(low, high)
        expect(ticks[0]).toBeLessThanOrEqual(low * (1 + 1e-6))
        expect(ticks.at(-1)).toBeGreaterThanOrEqual(high * (1 - 1e-6))
        expect(ticks.length).toBeLessThanOrEqual(5)
        expect(ticks).toEqual(ticks.toSorted((a, b) => a - b))
        expect(at(low)).toBeLessThanOrEqual(at(high))
      }),
    ))
  test('puts nothing, and what is below, at its low end', () => {
    const { at, ticks } = logScaleOf([[null, 0, 0.5, 80]])
    expect(ticks).toEqual([0.1, 1, 10, 100])
    expect([at(0), at(0.01), at(1)]).toEqual([0, 0, 1 / 3])
  })
  test('can be made of any series', () =>
    assert(
      property(series, (values) => {
        expect(logScaleOf(values).ticks.length).toBeGreaterThanOrEqual(2)
      }),
    ))
})

describe('the axis of time', () => {
  test('has at most seven marks, at round times within the range, in order', () =>
    assert(
      property(
        integer({ min: 0, max: 2e12 }),
        integer({ min: 1_000, max: 86_400_000 }),
        integer({ min: 2, max: 400 }),
        (first, stepMs, steps) => {
          const marks = timeMarks(Array.from({ length: steps }, (_, index) => first + index * stepMs))
          expect(marks.length).toBeLessThanOrEqual(7)
          for (const { at } of marks) expect(at >= 0 && at <= 1).toBe(true)
          expect(marks).toEqual(marks.toSorted((a, b) => a.at - b.at))
        },
      ),
    ))
  test('names a day at midnight where it shows several', () => {
    const first = Date.UTC(2026, 10, 21, 18)
    const marks = timeMarks([first, first + 36 * 3_600_000])
    expect(marks.map(({ label }) => label)).toEqual(['18:00', '22 Nov', '06:00', '12:00', '18:00', '23 Nov', '06:00'])
  })
  test('without a second time has no marks', () => {
    expect(timeMarks([])).toEqual([])
    expect(timeMarks([5])).toEqual([])
  })
  test('its rows name the day where a new one begins', () => {
    const first = Date.UTC(2026, 10, 22, 23, 59)
    expect(stepWords([first, first + 60_000, first + 120_000], 60_000)).toEqual([
      '22 Nov 23:59',
      '23 Nov 00:00',
      '00:01',
    ])
    expect(stepWords([first], 1_000)).toEqual(['22 Nov 23:59:00'])
    expect(stepWords([Date.UTC(2026, 10, 22)], 86_400_000)).toEqual(['22 Nov'])
  })
})
