import { later } from '../../core/index.ts'
import type { Readiness } from './readiness.ts'

const WELL_MS = 10_000
const UNWELL_MS = 2_000

/**
 * Asks for the state of the parts while nobody else does, so that changes reach the log and what is away is found again:
 * every 10 s, and every 2 s while a part can't be used. Gives what ends it.
 */
export function watchParts(readiness: Readiness): () => void {
  let isStopped = false
  let timer: NodeJS.Timeout | undefined
  const again = (delayMs: number) => {
    if (!isStopped) timer = later(look, delayMs).unref()
  }
  const look = () => {
    readiness.ask().then(
      ({ parts }) => again(Object.values(parts).every((state) => state === 'ok') ? WELL_MS : UNWELL_MS),
      () => again(UNWELL_MS),
    )
  }
  again(UNWELL_MS)
  return () => {
    isStopped = true
    clearTimeout(timer)
  }
}
