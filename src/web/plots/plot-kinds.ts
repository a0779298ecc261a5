import { stack, type Values } from './plot-path.ts'
import { highestOf, linearScale, logScaleOf, type Scale, type Steps } from './plot-scale.ts'
import type { Drawing, Plot, PlotSeries } from './types.ts'

type Common = Pick<Plot, 'id' | 'title' | 'unit' | 'axis' | 'words'>
/** A named series in a colour of plots.css; `drawing` where it is not the one of its plot. */
export type Named = { name: string; tone: string; values: Values; drawing?: Drawing }

/** Lines from 0 on one linear scale; the first may be filled. */
export function linePlot(
  common: Common,
  series: readonly Named[],
  { filled = false, scale, steps }: { filled?: boolean; scale?: Scale; steps?: Steps } = {},
): Plot {
  return {
    ...common,
    scale: scale ?? linearScale(highestOf(series.map(({ values }) => values)), steps),
    series: series.map((one, index) => ({ drawing: filled && index === 0 ? 'area' : 'line', ...one })),
  }
}

/** Percentiles of durations (ms). */
export type Percentiles = { p50Ms: Values; p90Ms: Values; p99Ms: Values; p999Ms: Values }

/** Percentiles as bands of one hue on a logarithmic scale: the median a line, the rarest dotted. */
export function percentilePlot(common: Common, { p50Ms, p90Ms, p99Ms, p999Ms }: Percentiles): Plot {
  return {
    ...common,
    scale: logScaleOf([p50Ms, p90Ms, p99Ms, p999Ms]),
    series: [
      { name: 'p50', tone: 'middle', drawing: 'line', values: p50Ms },
      { name: 'p90', tone: 'inner', drawing: 'band', lower: p50Ms, values: p90Ms },
      { name: 'p99', tone: 'outer', drawing: 'band', lower: p90Ms, values: p99Ms },
      { name: 'p99.9', tone: 'rare', drawing: 'dots', values: p999Ms },
    ],
  }
}

/** Series piled up from 0, the first at the bottom; as areas, or as bars. The legend and the table tell each alone. */
export function stackPlot(
  common: Common,
  series: readonly Named[],
  { drawing = 'band', steps = 'decimal' }: { drawing?: 'band' | 'bar'; steps?: Steps } = {},
): Plot {
  const edges = stack(series.map(({ values }) => values))
  const piled = series.map(
    ({ name, tone, values }, index): PlotSeries => ({
      name,
      tone,
      drawing,
      lower: edges[index]?.lower ?? [],
      values: edges[index]?.upper ?? [],
      shown: values,
    }),
  )
  return { ...common, scale: linearScale(highestOf(edges.map(({ upper }) => upper)), steps), series: piled }
}

const TOLD_ALONE = 3
const DRAWN_ALONE = 12

/**
 * One thin line for each of many similar series. The legend lists up to three of them, and the least and the most of
 * more; more than twelve are drawn as the band between their extremes.
 */
export function manyPlot(common: Common, all: readonly Named[], scale: Scale): Plot {
  const lines = all.map((one): PlotSeries => ({ ...one, drawing: 'thin' }))
  if (all.length <= TOLD_ALONE) return { ...common, scale, series: lines }
  const spread = spreadOf(all.map(({ values }) => values))
  const columns = [
    { name: 'least', tone: 'muted', values: spread.least },
    { name: 'most', tone: 'muted', values: spread.most },
  ]
  if (all.length <= DRAWN_ALONE) return { ...common, scale, series: lines, columns }
  const band: PlotSeries = { name: 'all', tone: 'outer', drawing: 'band', lower: spread.least, values: spread.most }
  return {
    ...common,
    scale,
    series: [band, { name: 'middle', tone: 'accent', drawing: 'line', values: spread.middle }],
    columns,
  }
}

/** The least, the lower median and the most at every step, of those that have a value there. */
function spreadOf(series: readonly Values[]): Record<'least' | 'middle' | 'most', Values> {
  const sorted = (series[0] ?? []).map((_, index) =>
    series
      .map((values) => values[index] ?? null)
      .filter((value) => value !== null)
      .sort((a, b) => a - b),
  )
  return {
    least: sorted.map((values) => values[0] ?? null),
    middle: sorted.map((values) => values[(values.length - 1) >> 1] ?? null),
    most: sorted.map((values) => values.at(-1) ?? null),
  }
}
