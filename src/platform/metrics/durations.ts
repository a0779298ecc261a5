import { exposeMetric, type Sample } from './text.ts'

/** Counts how long things took, for each combination of label values that occurs. */
export type Durations = {
  /** Counts one observation of `seconds` for these label values, in the order of the names. */
  observe(seconds: number, ...labels: string[]): void
  /** The histogram as text. */
  expose(): string
}

type Series = { labels: string[]; counts: number[]; sum: number }

/**
 * A histogram with fixed upper bounds (seconds, ascending). Kept by ourselves because it is written on every request
 * and must be there from the first one, when the metrics library isn't loaded yet.
 */
export function createDurations(name: string, help: string, labelNames: string[], bounds: number[]): Durations {
  const series = new Map<string, Series>()
  return {
    observe(seconds, ...labels) {
      const key = labels.join(' ')
      let one = series.get(key)
      if (one === undefined) {
        one = { labels, counts: new Array(bounds.length + 1).fill(0), sum: 0 }
        series.set(key, one)
      }
      let index = 0
      while (index < bounds.length && seconds > (bounds[index] as number)) index++
      one.counts[index] = (one.counts[index] as number) + 1
      one.sum += seconds
    },
    expose: () =>
      exposeMetric(
        { name, help, type: 'histogram' },
        [...series.values()].flatMap((one) => samplesOf(one, labelNames, bounds)),
      ),
  }
}

/** Buckets count everything up to their bound, so each holds those before it. */
function samplesOf({ labels, counts, sum }: Series, labelNames: string[], bounds: number[]): Sample[] {
  const fixed = Object.fromEntries(labelNames.map((label, index) => [label, labels[index] ?? '']))
  let total = 0
  const buckets = counts.map((count, index) => {
    total += count
    return { suffix: '_bucket', labels: { ...fixed, le: `${bounds[index] ?? '+Inf'}` }, value: total }
  })
  return [...buckets, { suffix: '_sum', labels: fixed, value: sum }, { suffix: '_count', labels: fixed, value: total }]
}
