import type { Clock, CountDamage, Logger } from '../core/index.ts'
import type { Metrics } from '../platform/index.ts'

/** What outside parts gave that can't be right: counted, logged, and shown with the health of the store. */
export type WrongValues = {
  /** Counts damaged bytes of pastes. */
  damaged: CountDamage
  /** Counts a value in Redis that no replica of this version can have written. */
  refused(kind: 'frame' | 'row' | 'rate'): void
  /** Whether the store gave bytes within the last hour that were wrong twice. */
  isDamaged(): boolean
}

const SHOWN_MS = 3_600_000
const LOGGED_MS = 60_000

/** No wrong value yet. */
export function watchWrongValues({
  metrics,
  clock,
  logger,
}: {
  metrics: Metrics
  clock: Clock
  logger: Logger
}): WrongValues {
  const reads = metrics.counter(
    'paste_damaged_reads_total',
    'Reads of the store that gave wrong bytes: mended by a second read, or refused',
    'fate',
  )
  const refused = metrics.counter('paste_redis_refused_total', 'Values in Redis that were not taken, by kind', 'kind')
  let damagedAt = Number.NEGATIVE_INFINITY
  let loggedAt = Number.NEGATIVE_INFINITY
  return {
    damaged(fate) {
      if (fate === 'redis') return refused('frame')
      reads(fate)
      const now = clock.now()
      if (fate === 'refused') damagedAt = now
      if (now - loggedAt < LOGGED_MS) return
      loggedAt = now
      if (fate === 'refused')
        logger.error({}, 'the store gave wrong bytes twice: `npm run fsck -- --verify` names the pastes')
      else logger.warn({}, 'the store gave wrong bytes, and the right ones when asked again')
    },
    refused,
    isDamaged: () => clock.now() - damagedAt < SHOWN_MS,
  }
}
