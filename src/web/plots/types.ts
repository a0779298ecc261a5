import type { Values } from './plot-path.ts'
import type { Scale } from './plot-scale.ts'
import type { Mark } from './plot-time.ts'

/** The axis along the bottom, which all plots of a page share: one row of every table, one step of every drawing. */
export type Axis = {
  /** Plots of the same axis are pointed at together. */
  id: string
  /** What the rows are, such as `Time (UTC)`. */
  heading: string
  /** One for each value, as the tables say them. */
  labels: readonly string[]
  marks: readonly Mark[]
}

/**
 * How a series is drawn: `line`; `thin`, one of many; `dots`, a dotted line; `area`, a line and what is under it.
 * `band` and `bar` lie between `lower` and `values`.
 */
export type Drawing = 'line' | 'thin' | 'dots' | 'area' | 'band' | 'bar'

/** One series: its name in the legend, its colour (a class `tone-…` of plots.css), and its drawing. */
export type PlotSeries = {
  name: string
  tone: string
  drawing: Drawing
  /** What is drawn; where it is piled up, the upper edge. */
  values: Values
  lower?: Values
  /** The values of legend and table, where they differ from what is drawn. */
  shown?: Values
}

/** One plot with its legend and table. `id` is unique on the page. */
export type Plot = {
  id: string
  title: string
  /** What the numbers are, such as `per second`. */
  unit: string
  axis: Axis
  series: readonly PlotSeries[]
  scale: Scale
  /** A value with its unit, as short as can be. */
  words(value: number | null): string
  /** What the legend and the table hold, where that is not the series. */
  columns?: readonly { name: string; tone: string; values: Values }[]
}
