import { array, assert, double, option, property } from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  areaPath,
  BAR_UNITS,
  bandPath,
  barPath,
  DRAWING_HEIGHT,
  linePath,
  stack,
  type Values,
} from '../../../src/web/plots/plot-path.ts'
import { linearScale } from '../../../src/web/plots/plot-scale.ts'

const value = double({ min: 0, max: 1_000, noNaN: true })
const values = array(option(value), { minLength: 1, maxLength: 60 })
const scale = linearScale(1_000)

/** The corners of SVG path data made of M, l, h, V and z: what a browser makes of it. */
function corners(path: string): { x: number; y: number }[] {
  const found: { x: number; y: number }[] = []
  let [x, y] = [0, 0]
  for (const [, command = '', text = ''] of path.matchAll(/([MlhVz])([^MlhVz]*)/g)) {
    const numbers = (text.match(/-?\d+/g) ?? []).map(Number)
    if (command === 'M') [x = 0, y = 0] = numbers
    else if (command === 'h') x += numbers[0] ?? 0
    else if (command === 'V') y = numbers[0] ?? 0
    if (command === 'l')
      for (let index = 0; index < numbers.length; index += 2) {
        x += numbers[index] ?? 0
        y += numbers[index + 1] ?? 0
        found.push({ x, y })
      }
    else if (command !== 'z') found.push({ x, y })
  }
  return found
}
const isInside = (width: number) => (corner: { x: number; y: number }) =>
  corner.x >= 0 && corner.x <= width && corner.y >= 0 && corner.y <= DRAWING_HEIGHT
const stretches = (path: string) => path.split('M').length - 1

describe('a line', () => {
  test('has a corner for every value, all of them inside the drawing', () =>
    assert(
      property(values, (some) => {
        const path = linePath(some, scale)
        const drawn = corners(path)
        expect(drawn.every(isInside(some.length - 1))).toBe(true)
        const at = new Map(drawn.map(({ x, y }) => [x, y]))
        for (const [index, one] of some.entries())
          expect(at.get(index)).toBe(one === null ? undefined : Math.round((1 - scale.at(one)) * DRAWING_HEIGHT))
      }),
    ))
  test('is interrupted where there is no data', () => {
    expect(stretches(linePath([1, 2, null, 3, 4], scale))).toBe(2)
    expect(linePath([null, null], scale)).toBe('')
  })
  test('is a dot where a value stands alone', () => {
    expect(linePath([null, 500, null], scale)).toBe(`M1 ${DRAWING_HEIGHT / 2}h0`)
  })
})

describe('an area', () => {
  test('lies between its edges, and nowhere where one of them is unknown', () =>
    assert(
      property(values, (some) => {
        const upper = some.map((one) => (one === null ? null : Math.min(1_000, one * 1.5)))
        const drawn = corners(bandPath(some, upper, scale))
        expect(drawn.every(isInside(some.length - 1))).toBe(true)
        for (const { x } of drawn) expect(some[x] ?? null).not.toBeNull()
      }),
    ))
  test('has a gap where there is no data', () => {
    expect(stretches(areaPath([1, 2, null, 3, 4], scale))).toBe(2)
  })
})

describe('a pile', () => {
  test('is as high as its parts together, and has a gap only where all are unknown', () =>
    assert(
      property(array(value, { minLength: 1, maxLength: 20 }), array(option(value), { maxLength: 20 }), (one, other) => {
        const longer: Values = one.map((_, index) => other[index] ?? null)
        const edges = stack([one, longer])
        for (const [index, known] of one.entries()) {
          expect(edges[0]?.lower[index]).toBe(0)
          expect(edges[1]?.lower[index]).toBe(edges[0]?.upper[index])
          expect(edges[1]?.upper[index]).toBe(known + (longer[index] ?? 0))
        }
      }),
    ))
  test('of nothing has a gap', () => {
    expect(stack([[null], [null]]).map(({ upper }) => upper)).toEqual([[null], [null]])
  })
})

test('bars stand inside their steps', () =>
  assert(
    property(values, (some) => {
      const path = barPath(
        some.map(() => 0),
        some,
        scale,
      )
      expect(corners(path).every(isInside(some.length * BAR_UNITS))).toBe(true)
      const seen = some.filter(
        (one) => one !== null && Math.round((1 - scale.at(one)) * DRAWING_HEIGHT) < DRAWING_HEIGHT,
      )
      expect(stretches(path)).toBe(seen.length)
      for (const { x } of corners(path)) expect(some[Math.floor(x / BAR_UNITS)]).not.toBeNull()
    }),
  ))
