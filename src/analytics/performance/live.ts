import { type Clock, every } from '../../core/index.ts'
import { type Keeper, type Recording, sketches } from '../recording/index.ts'
import { livePoint } from './live-point.ts'
import type { PerformanceReports } from './performance.ts'

/** One who listens. */
export type Listener = {
  /** As limits count clients. */
  readonly client: string
  send(text: string): void
  end(): void
}

/** Sends the latest recordings to listeners, as server-sent events. */
export type Live = {
  /**
   * Adds a listener and gives the function that takes it away; undefined once stopped. When there are too many, the oldest
   * of the client that has most is ended, so that nobody locks the operator out.
   */
  listen(listener: Listener): (() => void) | undefined
  /** Ends all listeners, and takes no more. */
  stop(): void
}

const EVERY_MS = 5_000
const MOST_LISTENERS = 50
/** Other replicas' figures come from the database, where they change once a minute. */
const OTHERS_KEPT_MS = 15_000
const MINUTE_SECONDS = 60

/**
 * Every 5 s while anybody listens: of this replica what was recorded since the event before, of the others their last
 * full minute.
 */
export function createLive(deps: { keeper: Keeper; reports: PerformanceReports; clock: Clock; replica: string }): Live {
  const { keeper, reports, clock, replica } = deps
  const listeners = new Set<Listener>()
  let others: { at: number; recordings: Recording[] } | undefined
  let timer: NodeJS.Timeout | undefined
  let stopped = false

  async function othersNow(): Promise<Recording[]> {
    const at = clock.now()
    if (others === undefined || Math.abs(at - others.at) > OTHERS_KEPT_MS) {
      const recordings = await reports.lastMinute().catch(() => [])
      others = { at, recordings: recordings.filter(({ replicas }) => replicas.every(({ name }) => name !== replica)) }
    }
    return others.recordings
  }

  async function tell(): Promise<void> {
    const own = await keeper.takePartial()
    const seconds = Math.max((own.replicas[0]?.coveredMs ?? 0) / 1_000, 0.001)
    const latest = [
      { recording: own, seconds },
      ...(await othersNow()).map((recording) => ({ recording, seconds: MINUTE_SECONDS })),
    ]
    const point = livePoint(latest, clock.now(), sketches)
    for (const listener of listeners) listener.send(`event: now\ndata: ${JSON.stringify(point)}\n\n`)
  }

  const begin = () => {
    // What was counted before anybody listened is of a time of any length.
    keeper.takePartial().catch(() => {})
    timer = every(tell, EVERY_MS, () => {
      for (const listener of listeners) listener.send(': no figures\n\n')
    }).unref()
  }
  const leave = (listener: Listener) => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
  return {
    listen(listener) {
      if (stopped) return undefined
      listeners.add(listener)
      if (listeners.size > MOST_LISTENERS) {
        const oldest = oldestOfMost(listeners)
        oldest.end()
        leave(oldest)
      }
      if (timer === undefined) begin()
      return () => leave(listener)
    },
    stop() {
      stopped = true
      for (const listener of [...listeners]) {
        listener.end()
        leave(listener)
      }
    },
  }
}

/** The oldest listener of the client that has most; of those that have as many, of the one that came first. */
function oldestOfMost(listeners: ReadonlySet<Listener>): Listener {
  const byClient = Map.groupBy(listeners, ({ client }) => client)
  const [first = [], ...others] = byClient.values()
  const [oldest] = others.reduce((most, own) => (own.length > most.length ? own : most), first)
  if (oldest === undefined) throw new Error('there is no listener')
  return oldest
}
