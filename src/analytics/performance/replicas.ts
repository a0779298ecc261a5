import type { ReplicaRecording, Sketches } from '../recording/index.ts'
import { type Course, coursesOf, largestOf, ratesOf, rounded, type Step, seriesOf, sumOf } from './course.ts'
import type { Performance, Series } from './schema.ts'

/** Replicas that are shown one by one: those that were seen last. */
const MOST_REPLICAS = 50

type Replicas = Pick<Performance, 'replicas' | 'perReplica'>

/** Each process. */
export function replicasOf(steps: readonly Step[], sketches: Sketches): Replicas {
  const courses = coursesOf(
    steps,
    ({ replicas }) => replicas,
    ({ name }) => name,
  )
  const lastSeen = [...courses.values()]
    .map((course) => ({ course, last: course.flat().at(-1) as ReplicaRecording }))
    .sort((a, b) => b.last.seenAt - a.last.seenAt || (a.last.name < b.last.name ? -1 : 1))
    .slice(0, MOST_REPLICAS)
  return {
    replicas: lastSeen.map(({ last: { name, version, startedAt, seenAt } }) => {
      return { name, version, startedAt, lastSeenAt: seenAt }
    }),
    perReplica: lastSeen.map(({ course, last: { name } }) => ({ name, ...figuresOf(steps, course, sketches) })),
  }
}

/** The figures of one process. */
export function figuresOf(
  steps: readonly Step[],
  course: Course<ReplicaRecording>,
  sketches: Sketches,
): Omit<Performance['perReplica'][number], 'name'> {
  const p99 = (of: 'sketch' | 'loopDelay'): Series =>
    sketches
      .quantiles(
        course.map((all) => all.map((one) => one[of])),
        [0.99] as const,
      )
      .steps.map(([value]) => value)
  /** Per second of the time that the process was there. */
  const covered = (of: 'cpuUs' | 'gcUs' | 'poolWaitUs', unitUs: number): Series =>
    course.map((all) =>
      all.length === 0 ? null : rounded((sumOf(all, of) / unitUs / Math.max(sumOf(all, 'coveredMs'), 1)) * 1_000),
    )
  const largest = (of: 'rssBytes' | 'heapBytes' | 'sockets'): Series =>
    course.map((all) => largestOf(all.map((one) => one[of])))
  const perSecond = (of: 'count' | 'errors'): Series =>
    seriesOf(steps, (index, seconds) => (course[index]?.length ? sumOf(course[index], of) / seconds : null))
  return {
    perSecond: perSecond('count'),
    errorsPerSecond: perSecond('errors'),
    p99Ms: p99('sketch'),
    cpuShare: covered('cpuUs', 1_000_000),
    rssBytes: largest('rssBytes'),
    heapBytes: largest('heapBytes'),
    loopDelayP99Ms: p99('loopDelay'),
    gcMsPerSecond: covered('gcUs', 1_000),
    sockets: largest('sockets'),
    poolWaitMsPerSecond: covered('poolWaitUs', 1_000),
  }
}

/** Each level of the caches. */
export function cachesOf(steps: readonly Step[]): Performance['caches'] {
  const courses = coursesOf(
    steps,
    ({ caches }) => caches,
    ({ level }) => level,
  )
  return [...courses].map(([level, course]) => {
    const hits = sumOf(course.flat(), 'hits')
    const lookups = hits + sumOf(course.flat(), 'misses')
    return {
      level,
      hitsPerSecond: ratesOf(steps, course, 'hits'),
      missesPerSecond: ratesOf(steps, course, 'misses'),
      share: lookups === 0 ? null : hits / lookups,
    }
  })
}

/** The sweeper. */
export function sweeperOf(steps: readonly Step[]): Performance['sweeper'] {
  const largest = (of: 'backlog' | 'backlogAgeMs'): Series =>
    steps.map(({ recordings }) => largestOf(recordings.map((recording) => recording[of])))
  return {
    sweptPerSecond: seriesOf(steps, (index, seconds) => sumOf(steps[index]?.recordings ?? [], 'swept') / seconds),
    backlog: largest('backlog'),
    backlogAgeMs: largest('backlogAgeMs'),
  }
}
