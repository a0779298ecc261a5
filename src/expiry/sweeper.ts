import type { Clock, Logger } from '../core/index.ts'

/**
 * Something whose items end and are then removed. Every call may run on every replica at once: `purge` claims the item
 * by a conditional update, and each of its steps can be repeated.
 */
export interface Sweepable<Item> {
  /** For logs and metrics, such as `pastes`. */
  readonly name: string
  /** At most `limit` items that are due at `now`, soonest first. */
  listDue(now: number, limit: number): Promise<Item[]>
  /** Claims an item and takes its next step; false when another replica has claimed it. */
  purge(item: Item, now: number): Promise<boolean>
  /** How many items are due (counted up to some thousands) and since when the oldest is; for metrics. */
  backlog?(now: number): Promise<Backlog>
}

/** What waits to be swept. `oldestAt` (epoch ms) is null when nothing is due. */
export type Backlog = { items: number; oldestAt: number | null }

/** What one sweep did. */
export type SweepResult = { name: string; purged: number; lost: number; failed: number; durationMs: number }

const BATCH = 500
const AT_ONCE = 8

/**
 * Removes what has ended, soonest first, in batches of 500, 8 items at a time, until nothing is due or `signal` aborts.
 * Once a claim is lost, another replica sweeps too: later batches then begin at a random item, so that the two rarely
 * meet. Items that fail stay due and are tried by a later sweep. Nothing
 * is removed while the clock may not be trusted.
 */
export async function sweep<Item>(
  target: Sweepable<Item>,
  deps: { clock: Clock; logger: Logger; randomBelow(bound: number): number; signal: AbortSignal },
): Promise<SweepResult> {
  const startedAt = deps.clock.now()
  const result: SweepResult = { name: target.name, purged: 0, lost: 0, failed: 0, durationMs: 0 }
  for (let more = true; more && !deps.signal.aborted && (deps.clock.mayEnd?.() ?? true); ) {
    const items = await target.listDue(deps.clock.now(), BATCH)
    const offset = result.lost > 0 && items.length > 1 ? deps.randomBelow(items.length) : 0
    const queue = [...items.slice(offset), ...items.slice(0, offset)].values()
    const before = result.purged
    await Promise.all(Array.from({ length: AT_ONCE }, () => drain(queue, target, deps, result)))
    // A batch of failures only would be listed again at once, for ever.
    more = items.length === BATCH && result.purged > before
    // Requests get a turn of the event loop between batches, so they wait for one batch at most.
    await new Promise((resolve) => setImmediate(resolve))
  }
  result.durationMs = deps.clock.now() - startedAt
  return result
}

async function drain<Item>(
  queue: Iterable<Item>,
  target: Sweepable<Item>,
  deps: { clock: Clock; logger: Logger; signal: AbortSignal },
  result: SweepResult,
): Promise<void> {
  // All drains share one iterator, which gives each item once.
  for (const item of queue) {
    // Also between two items: a clock may be set at any moment.
    if (deps.signal.aborted || deps.clock.mayEnd?.() === false) return
    try {
      if (await target.purge(item, deps.clock.now())) result.purged++
      else result.lost++
    } catch (error) {
      result.failed++
      deps.logger.warn({ err: error, sweep: target.name }, 'an item could not be swept; it stays due')
    }
  }
}
