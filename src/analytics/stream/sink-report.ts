import type { Clock, Logger } from '../../core/index.ts'

/** A sink's line in the log, once a minute while there is something to report. */
export type SinkReport = {
  /** Files that were written, and their bytes. */
  wrote(files: number, bytes: number): void
  /** Events that are in HDFS for good. */
  committed(events: number): void
  /** Events at hand, and those that Kafka still has for us; speaks when a minute is over. */
  at(now: { pending: number; lag: number }): void
  /** Speaks now. */
  say(): void
}

const SAYS_EVERY_MS = 60_000

/** Counts from now on. */
export function createSinkReport(logger: Logger, clock: Clock): SinkReport {
  const total = { events: 0, files: 0, bytes: 0 }
  let since = { ...total }
  let state = { pending: 0, lag: 0 }
  let saidAt = clock.now()

  function say(): void {
    saidAt = clock.now()
    const { events, files, bytes } = total
    const written = { events: events - since.events, files: files - since.files, bytes: bytes - since.bytes }
    since = { ...total }
    logger.info({ written, total, ...state }, 'events in HDFS')
  }

  return {
    wrote(files, bytes) {
      total.files += files
      total.bytes += bytes
    },
    committed(events) {
      total.events += events
    },
    at(now) {
      state = now
      if (clock.now() - saidAt < SAYS_EVERY_MS) return
      const isBusy = total.events > since.events || now.pending + now.lag > 0
      if (isBusy) say()
    },
    say,
  }
}
