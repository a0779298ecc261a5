import { type Clock, type Logger, settledWithin } from '../../core/index.ts'
import type { AnalyticsEvent } from './schema.ts'
import type { EventSink } from './sink.ts'

/** Events on their way to a sink. */
export type EventBuffer = {
  /** Takes an event; never waits. When there is no room, the oldest goes. */
  push(event: AnalyticsEvent): void
  /** Begins to send what is there, unless that is under way already or it is too soon after a failure. */
  pump(): void
  /** Sends what is left for at most `ms`, then closes the sink, for at most as long again; never throws. */
  close(ms: number): Promise<void>
  state(): EventBufferState
}

/** How a buffer does: what waits now, and events since the start by their fate. */
export type EventBufferState = { waiting: number; bytes: number; sent: number; dropped: number; failures: number }

/** What a buffer needs. */
export type EventBufferDeps = {
  sink: EventSink
  clock: Clock
  logger: Logger
  /** A uniformly random number in [0, 1). */
  random: () => number
  /** What all events together may take, the batch under way included; bytes of memory, by estimate. */
  maxBytes?: number
}

/** With what the estimate doesn't see, and what a sink makes of one batch, this stays below 32 MiB. */
const MAX_BYTES = 16 * 1024 * 1024
const BATCH = 1_000
const FIRST_PAUSE_MS = 250
const LONGEST_PAUSE_MS = 30_000

/**
 * A bounded queue before a sink: one send at a time, which is repeated with growing pauses until the sink takes it. The
 * events of a send that fails go back to where they were. A sink that hangs holds up nothing but its own events, and
 * the oldest of those are dropped first, which is counted.
 */
export function createEventBuffer(deps: EventBufferDeps): EventBuffer {
  const { sink, clock, logger, maxBytes = MAX_BYTES } = deps
  // Before `head` there is nothing left; the array is cut only now and then, because cutting moves everything.
  let queue: (AnalyticsEvent | undefined)[] = []
  let head = 0
  let bytes = 0
  /** How many from `head` on are being sent. */
  let underWay = 0
  let sending: Promise<void> | undefined
  let retryAt = 0
  let pauseMs = FIRST_PAUSE_MS
  const counts = { sent: 0, dropped: 0, failures: 0 }

  function shift(count: number): void {
    for (const end = head + count; head < end; head++) {
      bytes -= sizeOf(queue[head] as AnalyticsEvent)
      queue[head] = undefined
    }
    if (head < BATCH || head < queue.length / 2) return
    queue = queue.slice(head)
    head = 0
  }

  function dropOldest(): void {
    shift(1)
    counts.dropped++
    // It may arrive all the same, but it is not waited for any more.
    if (underWay > 0) underWay--
  }

  async function send(): Promise<void> {
    while (head < queue.length) {
      const batch = queue.slice(head, head + BATCH) as AnalyticsEvent[]
      underWay = batch.length
      try {
        await sink.send(batch)
        counts.sent += underWay
        shift(underWay)
        pauseMs = FIRST_PAUSE_MS
      } catch (error) {
        counts.failures++
        // Half of it for sure and half by chance, so that replicas don't come back all at once.
        retryAt = clock.now() + pauseMs * (0.5 + deps.random() / 2)
        const message = 'the sink took no events; they are kept and sent again'
        logger[pauseMs === FIRST_PAUSE_MS ? 'warn' : 'debug']({ err: error, sink: sink.name }, message)
        pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)
        return
      } finally {
        underWay = 0
      }
    }
  }

  function pump(): void {
    if (sending !== undefined || head === queue.length || clock.now() < retryAt) return
    sending = send().finally(() => {
      sending = undefined
    })
  }

  return {
    push(event) {
      queue.push(event)
      bytes += sizeOf(event)
      while (bytes > maxBytes) dropOldest()
    },
    pump,
    async close(ms) {
      retryAt = 0
      pump()
      if (sending) await settledWithin(sending, ms)
      const waiting = queue.length - head
      if (waiting > 0) logger.warn({ events: waiting, sink: sink.name }, 'events were not taken before the end')
      counts.dropped += waiting
      await settledWithin(sink.close(), ms)
    },
    state: () => ({ waiting: queue.length - head, bytes, ...counts }),
  }
}

/** An object of twelve members takes some 450 bytes, an own string a header and its characters. */
function sizeOf({ paste, user, referrer }: AnalyticsEvent): number {
  return 500 + paste.length + (user?.length ?? 0) + (referrer?.length ?? 0)
}
