import { setImmediate as turn } from 'node:timers/promises'
import type { Sketches } from '../recording/index.ts'
import { coursesOf, ratesOf, type Step, seriesOf, sumOf } from './course.ts'
import type { Performance } from './schema.ts'

const SHARES = [0.5, 0.9, 0.99, 0.999] as const

/** All requests of all replicas. */
export function requestsOf(steps: readonly Step[], sketches: Sketches): Performance['requests'] {
  const routes = steps.map(({ recordings }) => recordings.flatMap((recording) => recording.routes))
  // Each replica's requests are there as one histogram too, which is less to add than those of its routes.
  const histograms = steps.map(({ recordings }) =>
    recordings.flatMap(({ replicas }) => replicas.map(({ sketch }) => sketch)),
  )
  const { steps: quantiles } = sketches.quantiles(histograms, SHARES)
  return {
    perSecond: ratesOf(steps, routes, 'count'),
    errorsPerSecond: ratesOf(steps, routes, 'errors'),
    refusedPerSecond: ratesOf(steps, routes, 'refused'),
    p50Ms: quantiles.map(([p50]) => p50),
    p90Ms: quantiles.map(([, p90]) => p90),
    p99Ms: quantiles.map(([, , p99]) => p99),
    p999Ms: quantiles.map(([, , , p999]) => p999),
    bytesInPerSecond: ratesOf(steps, routes, 'bytesIn'),
    bytesOutPerSecond: ratesOf(steps, routes, 'bytesOut'),
  }
}

/** Each route, most used first. Requests are answered in between. */
export async function routesOf(steps: readonly Step[], sketches: Sketches): Promise<Performance['routes']> {
  const result: Performance['routes'] = []
  for (const [route, course] of coursesOf(
    steps,
    ({ routes }) => routes,
    (one) => one.route,
  )) {
    const histograms = course.map((all) => all.map(({ sketch }) => sketch))
    const { whole, steps: quantiles } = sketches.quantiles(histograms, SHARES)
    const all = course.flat()
    result.push({
      route,
      count: sumOf(all, 'count'),
      errors: sumOf(all, 'errors'),
      bytesIn: sumOf(all, 'bytesIn'),
      bytesOut: sumOf(all, 'bytesOut'),
      p50Ms: whole[0],
      p90Ms: whole[1],
      p99Ms: whole[2],
      p999Ms: whole[3],
      perSecond: ratesOf(steps, course, 'count'),
      seriesP50Ms: quantiles.map(([p50]) => p50),
      seriesP99Ms: quantiles.map(([, , p99]) => p99),
    })
    await turn()
  }
  return result.sort((a, b) => b.count - a.count || (a.route < b.route ? -1 : 1))
}

/** Where the time of requests goes. */
export function partsOf(steps: readonly Step[], sketches: Sketches): Performance['parts'] {
  const routes = steps.map(({ recordings }) => recordings.flatMap((recording) => recording.routes))
  const inParts = steps.map(({ recordings }) => recordings.flatMap((recording) => recording.parts))
  const partsUs = sumOf(inParts.flat(), 'sumUs')
  // Sweeps and the like call parts too, and belong to no request.
  const allUs = Math.max(sumOf(routes.flat(), 'sumUs'), partsUs, 1)
  const courses = coursesOf(
    steps,
    ({ parts }) => parts,
    ({ part }) => part,
  )
  const parts = [...courses].map(([part, course]): Performance['parts'][number] => {
    const all = course.flat()
    const histograms = course.map((some) => some.map(({ sketch }) => sketch))
    const { whole } = sketches.quantiles(histograms, [0.5, 0.99] as const)
    return {
      part: part as Performance['parts'][number]['part'],
      msPerSecond: seriesOf(steps, (index, seconds) => sumOf(course[index] ?? [], 'sumUs') / 1_000 / seconds),
      calls: sumOf(all, 'count'),
      p50Ms: whole[0],
      p99Ms: whole[1],
      share: sumOf(all, 'sumUs') / allUs,
    }
  })
  const otherUs = (index: number) => sumOf(routes[index] ?? [], 'sumUs') - sumOf(inParts[index] ?? [], 'sumUs')
  const other: Performance['parts'][number] = {
    part: 'other',
    msPerSecond: seriesOf(steps, (index, seconds) => Math.max(otherUs(index), 0) / 1_000 / seconds),
    calls: sumOf(routes.flat(), 'count'),
    p50Ms: null,
    p99Ms: null,
    share: (allUs - partsUs) / allUs,
  }
  return [...parts, other]
}
