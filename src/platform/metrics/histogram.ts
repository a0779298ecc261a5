import type { Exemplar, Family, Sample } from './exposition.ts'

/** Buckets of request durations: from a cached read to a 50 MiB upload over a slow line. */
export const REQUEST_SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]
/** Buckets of calls of dependencies: from a row in the page cache to a call that is given up. */
export const DEPENDENCY_SECONDS = [0.0001, 0.00025, ...REQUEST_SECONDS.slice(0, -1)]

/** One combination of a histogram's label values. `source` is what an exemplar is made from, where one is wanted. */
export type Series<Source> = { observe(value: number, source?: Source): void }

/** Counts how large or long things were. */
export type Histogram<Source = never> = {
  /** The series of these label values, in the order of the names; made when it is first asked for. */
  series(...labels: string[]): Series<Source>
  /** What Prometheus reads. Asked for with exemplars, each bucket takes a new one afterwards. */
  family(withExemplars?: boolean): Family
}

/** What a histogram is of. */
export type HistogramOptions<Source> = {
  name: string
  help: string
  labelNames: readonly string[]
  /** Upper bounds, ascending, in base units: seconds or bytes. */
  bounds: readonly number[]
  /** Labels of an exemplar and when it was, epoch ms. Absent: no exemplars. */
  exemplar?(source: Source): Omit<Exemplar, 'value'>
}

type Kept = { labels: string[]; counts: number[]; sum: number; exemplars: (Exemplar | undefined)[]; stale: boolean[] }

/**
 * A histogram with fixed bounds. Kept by ourselves because it is written on every request and must be there from the
 * first one, when the metrics library isn't loaded yet. The first observation that falls into a bucket after a scrape
 * becomes its exemplar, so all others pay no more than a look at a flag.
 */
export function createHistogram<Source = never>(options: HistogramOptions<Source>): Histogram<Source> {
  const { name, help, labelNames, bounds, exemplar } = options
  const all = new Map<string, Kept & Series<Source>>()

  function make(labels: string[]): Kept & Series<Source> {
    const buckets = bounds.length + 1
    const exemplars: Kept['exemplars'] = new Array(buckets)
    const stale: boolean[] = new Array(buckets).fill(exemplar !== undefined)
    const counts: number[] = new Array(buckets).fill(0)
    const kept = {
      labels,
      counts,
      sum: 0,
      exemplars,
      stale,
      observe(value: number, source?: Source) {
        let index = 0
        while (index < bounds.length && value > (bounds[index] as number)) index++
        counts[index] = (counts[index] as number) + 1
        kept.sum += value
        if (stale[index] && source !== undefined && exemplar) {
          stale[index] = false
          exemplars[index] = { ...exemplar(source), value }
        }
      },
    }
    return kept
  }

  return {
    series(...labels) {
      // No separator would do: a label may hold any character.
      const key = labels.length === 1 ? (labels[0] as string) : JSON.stringify(labels)
      let one = all.get(key)
      if (one === undefined) {
        one = make(labels)
        all.set(key, one)
      }
      return one
    },
    family(withExemplars = false) {
      const samples = [...all.values()].flatMap((one) => samplesOf(one, labelNames, bounds))
      if (withExemplars) for (const { stale } of all.values()) stale.fill(exemplar !== undefined)
      return { name, help, type: 'histogram', samples }
    },
  }
}

/** Buckets count everything up to their bound, so each holds those before it. */
function samplesOf(
  { labels, counts, sum, exemplars }: Kept,
  labelNames: readonly string[],
  bounds: readonly number[],
): Sample[] {
  const fixed = Object.fromEntries(labelNames.map((label, index) => [label, labels[index] ?? '']))
  let total = 0
  const buckets = counts.map((count, index) => {
    total += count
    const le = `${bounds[index] ?? '+Inf'}`
    return { suffix: '_bucket', labels: { ...fixed, le }, value: total, exemplar: exemplars[index] }
  })
  return [...buckets, { suffix: '_sum', labels: fixed, value: sum }, { suffix: '_count', labels: fixed, value: total }]
}
