import type { Scale } from './plot-scale.ts'

/** Values in the order of the axis; null: no data. */
export type Values = readonly (number | null)[]

/**
 * The height of a drawing in its own units; one step of the axis is one unit wide, or {@link BAR_UNITS} with bars.
 * Drawings are stretched to the size that the page has for them.
 */
export const DRAWING_HEIGHT = 240
/** The width of one step of a drawing with bars. */
export const BAR_UNITS = 10

/** A line through the values as SVG path data; a null interrupts it, a value between two of them is a dot. */
export function linePath(values: Values, scale: Scale): string {
  let path = ''
  for (const { first, points } of runs(values.map((value) => (value === null ? null : height(value, scale))))) {
    path += `M${first} ${points[0]}`
    path += points.length === 1 ? 'h0' : steps(points, 1)
  }
  return path
}

/** The areas between two series as SVG path data; where one of them is null there is none. */
export function bandPath(lower: Values, upper: Values, scale: Scale): string {
  const pairs = upper.map((value, index) => {
    const under = lower[index] ?? null
    return value === null || under === null ? null : ([height(under, scale), height(value, scale)] as const)
  })
  let path = ''
  for (const { first, points } of runs(pairs)) {
    // A single step has no width, and is left to the line.
    if (points.length === 1) continue
    const back = points.map(([under]) => under).reverse()
    const over = points.map(([, value]) => value)
    path += `M${first} ${over[0]}${steps(over, 1)}V${back[0]}${steps(back, -1)}z`
  }
  return path
}

/** The area under a series, down to 0. */
export function areaPath(values: Values, scale: Scale): string {
  return bandPath(
    values.map(() => 0),
    values,
    scale,
  )
}

/**
 * Series piled up: for each its lower and upper edge. Where all of them are null the pile has a gap; a null beside
 * others counts as 0.
 */
export function stack(series: readonly Values[]): { lower: Values; upper: Values }[] {
  const length = Math.max(0, ...series.map((values) => values.length))
  const known = Array.from({ length }, (_, index) => series.some((values) => (values[index] ?? null) !== null))
  let edge: Values = known.map((some) => (some ? 0 : null))
  return series.map((values) => {
    const lower = edge
    const upper = lower.map((under, index) => (under === null ? null : under + (values[index] ?? 0)))
    edge = upper
    return { lower, upper }
  })
}

/** Bars between two series as SVG path data, with a little air between neighbours. */
export function barPath(lower: Values, upper: Values, scale: Scale): string {
  let path = ''
  for (const [index, value] of upper.entries()) {
    const under = lower[index] ?? null
    if (value === null || under === null) continue
    const bottom = height(under, scale)
    const top = height(value, scale)
    if (top < bottom) path += `M${index * BAR_UNITS + 1} ${bottom}V${top}h${BAR_UNITS - 2}V${bottom}z`
  }
  return path
}

function height(value: number, scale: Scale): number {
  return Math.round((1 - scale.at(value)) * DRAWING_HEIGHT)
}

/** Relative line segments of one unit each, as few bytes as they can be. */
function steps(heights: readonly number[], unit: 1 | -1): string {
  let text = ''
  for (let index = 1; index < heights.length; index++) {
    const rise = (heights[index] ?? 0) - (heights[index - 1] ?? 0)
    text += `${index === 1 ? 'l' : unit === 1 ? ' ' : ''}${unit}${rise < 0 ? '' : ' '}${rise}`
  }
  return text
}

/** The stretches without null, each with the index where it begins. */
function runs<Point>(points: readonly (Point | null)[]): { first: number; points: Point[] }[] {
  const found: { first: number; points: Point[] }[] = []
  let open: Point[] | undefined
  for (const [index, point] of points.entries()) {
    if (point === null) open = undefined
    else if (open) open.push(point)
    else {
      open = [point]
      found.push({ first: index, points: open })
    }
  }
  return found
}
