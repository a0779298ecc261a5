import { readFileSync } from 'node:fs'
import type { FaultRecord, Ledger } from './ledger.ts'
import { now } from './perform.ts'

const EVERY_MS = 250
/** A timer that is later than this shows that processes here don't get their turn, the replicas least of all. */
const LATE_MS = 150
/** So does a time of which this share saw somebody wait for a processor; a run by itself on two cores stays below. */
const WAITING_SHARE = 0.95
/** Hold-ups as close as this to each other are one. */
const PAUSE_MS = 2_000

/**
 * Notes in the ledger, as a fault of its own kind, when this machine has no time for us: what is refused as overload
 * then is refused rightly. Gives the function that ends it.
 */
export function watchMachine(ledger: Ledger): () => void {
  let current: FaultRecord | undefined
  let last = { at: now(), waitedMs: waitedMs() }
  const timer = setInterval(() => {
    const next = { at: now(), waitedMs: waitedMs() }
    const tookMs = next.at - last.at
    if (tookMs > EVERY_MS + LATE_MS || next.waitedMs - last.waitedMs > tookMs * WAITING_SHARE) {
      if (current === undefined || next.at - current.endedAt > PAUSE_MS) {
        current = { name: 'the machine is busy', part: 'machine', replicas: [], startedAt: last.at, endedAt: next.at }
        ledger.faults.push(current)
      } else current.endedAt = next.at
    }
    last = next
  }, EVERY_MS)
  return () => clearInterval(timer)
}

/** For how long, since the start of the machine, some process waited for a processor; 0 where nobody tells. */
function waitedMs(): number {
  try {
    return Number(/^some .*total=(\d+)/.exec(readFileSync('/proc/pressure/cpu', 'utf8'))?.[1] ?? 0) / 1_000
  } catch {
    return 0
  }
}
