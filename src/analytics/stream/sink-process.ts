import { setTimeout as delay } from 'node:timers/promises'
import type { Clock, Logger } from '../../core/index.ts'
import type { EventsPlace } from './event-files.ts'
import { type Group, type GroupOptions, joinGroup, NameTaken } from './group.ts'
import { kafkaErrorText } from './kafka-error-text.ts'
import { createPending, type FlushLimits, type Pending } from './pending.ts'
import { publishRows, sweepScratch } from './publish.ts'
import { createSinkReport, type SinkReport } from './sink-report.ts'
import type { Hdfs } from './webhdfs.ts'

/** What a sink needs. `writer` is a name for its scratch files that no other process has, now or before. */
export type SinkDeps = {
  kafka: GroupOptions
  hdfs: Hdfs
  place: EventsPlace
  limits: FlushLimits
  writer: string
  clock: Clock
  logger: Logger
  /** Aborted to end it: what is at hand is written and committed first … */
  stop: AbortSignal
  /** … until this one is aborted too: what is not written then is read again by the next owner. */
  abandon: AbortSignal
}

const BACK_OFF_MS = [100, 300, 1_000, 2_000, 5_000] as const
const SWEEP_EVERY_MS = 3_600_000

/**
 * Reads events from Kafka and writes them to HDFS until it is stopped, through any outage of either. An offset is
 * committed only after all before it lies in HDFS, so a crash at any moment loses nothing; what was written and not yet
 * committed is read again, and found (see publishRows). While HDFS is away nothing is read: Kafka keeps it.
 * Rejects only with {@link NameTaken}, or when it could not write what was at hand before `abandon`.
 */
export async function runSink(deps: SinkDeps): Promise<void> {
  const { logger, stop, clock } = deps
  const report = createSinkReport(logger, clock)
  let failures = 0
  while (!stop.aborted) {
    try {
      await readAndWrite(deps, report, () => {
        failures = 0
      })
    } catch (error) {
      if (error instanceof NameTaken || deps.abandon.aborted) throw error
      logger.warn({ reason: kafkaErrorText(error) }, 'reading from Kafka failed: trying again')
      await pause(failures, stop)
      failures += 1
    }
  }
  report.say()
}

/** One membership in the group, from joining to leaving. */
async function readAndWrite(deps: SinkDeps, report: SinkReport, onHealthy: () => void): Promise<void> {
  const { kafka, clock, limits, stop } = deps
  const group = await joinGroup(kafka)
  const pending = createPending(limits)
  let joins = -1
  let sweptAt = Number.NEGATIVE_INFINITY
  try {
    for (;;) {
      if (group.joins() !== joins) {
        joins = group.joins()
        await assign(group, pending, deps.logger)
      }
      if (stop.aborted || pending.isDue(clock.now())) await flush(deps, group, pending, report, joins)
      if (stop.aborted) return
      for (const fetched of await unlessStopped(stop, group.read(pending.positions())))
        pending.add(fetched, clock.now())
      onHealthy()
      report.at({ pending: pending.size(), lag: group.lag() })
      deps.logger.debug({ pending: pending.size(), lag: group.lag() }, 'read')
      if (clock.now() - sweptAt < SWEEP_EVERY_MS) continue
      sweptAt = clock.now()
      await sweepScratch(deps.hdfs, deps.place.folder, sweptAt).catch((err) =>
        deps.logger.warn({ err }, 'scratch files could not be swept'),
      )
    }
  } finally {
    await group.close()
  }
}

async function assign(group: Group, pending: Pending, logger: Logger): Promise<void> {
  const starts = await group.starts()
  for (const [partition, { lost }] of starts)
    if (lost > 0) logger.error({ partition, lost }, 'Kafka has removed events before they were read: they are lost')
  pending.assign(new Map([...starts].map(([partition, { offset }]) => [partition, offset])))
  logger.info({ partitions: [...starts.keys()] }, 'reading')
}

/** Writes all that is at hand, however long HDFS is away, then commits it. */
async function flush(deps: SinkDeps, group: Group, pending: Pending, report: SinkReport, joins: number): Promise<void> {
  const rows = pending.rows()
  const progress = pending.progress()
  for (let failures = 0; ; failures += 1) {
    try {
      const published = await Promise.all(rows.map((part) => publishRows(deps, part)))
      for (const { files, bytes } of published) report.wrote(files, bytes)
      if (failures > 0) deps.logger.info({ events: pending.size() }, 'HDFS takes events again')
      break
    } catch (error) {
      if (deps.abandon.aborted) throw error
      deps.logger.warn(
        { reason: (error as Error).message, events: pending.size() },
        'writing to HDFS failed: trying again',
      )
      await pause(failures, deps.abandon)
    }
  }
  // If not, those that are still ours are written again, which finds them written, and then committed.
  if (!(await group.commit(progress, joins))) return
  report.committed(pending.size())
  pending.clear()
}

/** What a read gives, or nothing when we are to stop before Kafka has answered. */
async function unlessStopped<Part>(stop: AbortSignal, reading: Promise<Part[]>): Promise<Part[]> {
  const stopped = Promise.withResolvers<Part[]>()
  const onStop = () => stopped.resolve([])
  stop.addEventListener('abort', onStop, { once: true })
  try {
    return await Promise.race([reading, stopped.promise])
  } finally {
    stop.removeEventListener('abort', onStop)
    reading.catch(() => {})
  }
}

async function pause(failures: number, until: AbortSignal): Promise<void> {
  const ms = BACK_OFF_MS[Math.min(failures, BACK_OFF_MS.length - 1)]
  await delay(ms, undefined, { signal: until }).catch(() => {})
}
