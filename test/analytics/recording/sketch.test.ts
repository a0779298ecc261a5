import { DDSketch } from '@datadog/sketches-js'
import { LogarithmicMapping } from '@datadog/sketches-js/dist/ddsketch/mapping/index.js'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sketches } from '../../../src/analytics/recording/sketch.ts'
import { addBins, BINS, binOf, encodeBins, msOfBin } from '../../../src/analytics/recording/sketch-bins.ts'
import { timesOf } from './times-of.ts'

const milliseconds = fc.double({ min: 0.001, max: 3_000_000, noNaN: true })

describe('histograms of times', () => {
  const p = (histograms: Uint8Array[], share: number) => sketches.quantiles([histograms], [share] as const).whole[0]

  const mapping = new LogarithmicMapping(0.01)

  // The reference implementation stays a development dependency: it checks ours, and the lab's reports use it.
  test("each bin stands for the reference's time", () => {
    for (let bin = 0; bin < BINS; bin++) expect(msOfBin(bin)).toBe(Math.round(mapping.value(bin)) / 1_000)
  })

  test('stand for these times for ever: recordings are stored under them', () => {
    expect([0, 1, 100, 345, 691, 1_000, BINS - 1].map(msOfBin)).toEqual([
      0.001, 0.001, 0.007, 0.983, 994.913, 480_633.878, 3_771_297.869,
    ])
    expect([1, 1.5, 10, 1_000, 1_000_000, 3.6e9].map(binOf)).toEqual([0, 21, 116, 346, 691, 1_101])
  })

  test('a quantile is that of the reference', () => {
    fc.assert(
      fc.property(
        fc.array(milliseconds, { minLength: 1 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (all, share) => {
          const reference = new DDSketch({ relativeAccuracy: 0.01 })
          // Its bin of 1 µs has the number 0, which it overlooks: see that it gets none.
          for (const ms of all) reference.accept(Math.max(ms * 1_000, 1.1))
          const ours = p([timesOf(all.map((ms) => Math.max(ms, 0.0011))).sketch], share)
          expect(ours).toBe(Math.round(reference.getValueAtQuantile(share)) / 1_000)
        },
      ),
    )
  })

  test('have the bins of the reference', () => {
    fc.assert(
      fc.property(milliseconds, (ms) => {
        expect(binOf(ms * 1_000)).toBe(mapping.key(ms * 1_000))
      }),
    )
  })

  test('take what is too short or too long for the first and the last bin', () => {
    expect([0, -1, Number.NaN, 0.5, 1e12].map(binOf)).toEqual([0, 0, 0, 0, BINS - 1])
  })

  test('percentiles over replicas are those of all requests together', () => {
    const times = fc.array(fc.array(milliseconds, { maxLength: 50 }), { minLength: 1, maxLength: 5 })
    fc.assert(
      fc.property(times, fc.constantFrom(0.5, 0.9, 0.99, 0.999), (replicas, share) => {
        const apart = replicas.map((all) => timesOf(all).sketch)
        const together = [timesOf(replicas.flat()).sketch]
        expect(p(apart, share)).toBe(p(together, share))
        expect(p([sketches.merge(apart)], share)).toBe(p(together, share))
      }),
    )
  })

  test('a percentile is within 1 % of the time that has this rank', () => {
    fc.assert(
      fc.property(fc.array(milliseconds, { minLength: 1 }), (all) => {
        const exact = all.toSorted((a, b) => a - b)[Math.floor(0.9 * (all.length - 1))] ?? 0
        // A µs more: that is what is told at most.
        expect(Math.abs((p([timesOf(all).sketch], 0.9) ?? 0) - exact)).toBeLessThanOrEqual(exact * 0.0101 + 0.001)
      }),
    )
  })

  test('are the same bytes in whatever order they are put together', () => {
    const histogram = fc.array(milliseconds).map((all) => timesOf(all).sketch)
    fc.assert(
      fc.property(histogram, histogram, histogram, (a, b, c) => {
        expect(sketches.merge([sketches.merge([a, b]), c])).toEqual(sketches.merge([c, b, a]))
      }),
    )
  })

  test('come back from bytes as they were, with counts beyond 32 bits', () => {
    const counts = fc.dictionary(
      fc.integer({ min: 0, max: BINS - 1 }).map(String),
      fc.integer({ min: 1, max: 2 ** 45 }),
    )
    fc.assert(
      fc.property(counts, (given) => {
        const bins = new Float64Array(BINS)
        for (const [bin, count] of Object.entries(given)) bins[Number(bin)] = count
        const back = new Float64Array(BINS)
        addBins(encodeBins(bins), back)
        expect(back).toEqual(bins)
      }),
    )
  })

  test('a damaged one is refused', () => {
    const { sketch } = timesOf([1, 2, 3])
    expect(() => addBins(sketch.subarray(0, sketch.length - 1), new Float64Array(BINS))).toThrow(RangeError)
    expect(() => addBins(Uint8Array.of(255, 255, 3, 1), new Float64Array(BINS))).toThrow(RangeError)
  })

  test('nothing has no percentiles', () => {
    expect(p([], 0.5)).toBeNull()
    expect(p([timesOf([]).sketch], 0.5)).toBeNull()
  })
})
