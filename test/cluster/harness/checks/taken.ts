import { type Check, type FaultRecord, type Operation, RECOVERY_MS, type Violation } from '../ledger.ts'
import { bySlug } from './values.ts'

/**
 * A slug is refused only to who comes after somebody that has it or is about to: what an aborted upload reserved is free
 * 5 s later, unless a fault kept the service from tidying up.
 */
export const slugsAreFreed: Check = (ledger) => {
  const violations: Violation[] = []
  for (const [slug, operations] of bySlug(ledger)) {
    const attempts = operations.filter(({ kind }) => kind === 'create' || kind === 'abort')
    for (const refused of attempts.filter(({ code }) => code === 'slug_taken' || code === 'slug_quarantined')) {
      const others = attempts.filter((other) => other !== refused && other.startedAt < refused.endedAt)
      if (others.some((other) => mayHaveIt(other, refused, ledger.faults))) continue
      violations.push({ check: 'taken', message: `nobody has ${slug}`, operations: [refused, ...others] })
    }
  }
  return violations
}

function mayHaveIt(other: Operation, refused: Operation, faults: readonly FaultRecord[]): boolean {
  if (other.kind === 'create' && (other.outcome !== 'fail' || other.endedAt > refused.startedAt)) return true
  if (other.endedAt + RECOVERY_MS > refused.startedAt) return true
  return faults.some(
    ({ part, startedAt, endedAt }) =>
      part !== 'redis' && startedAt < refused.endedAt && endedAt + RECOVERY_MS > other.startedAt,
  )
}
