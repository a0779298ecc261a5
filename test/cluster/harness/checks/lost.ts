import type { Check, Operation, Violation } from '../ledger.ts'
import { bySlug, possibleEnds } from './values.ts'

/** The database's time decides, and a replica knows it to within half a round trip. */
const CLOCKS_MS = 250

/**
 * An acknowledged paste is there for everybody from the acknowledgement on, until something that was asked for ended
 * it; and when every part is well again, it can be read.
 */
export const nothingIsLost: Check = (ledger) => {
  const violations: Violation[] = []
  for (const [slug, operations] of bySlug(ledger)) {
    const made = operations.find(({ kind, outcome }) => kind === 'create' && outcome === 'ok')
    if (made === undefined) continue
    for (const operation of operations) {
      const { status, final, startedAt, kind } = operation
      if (startedAt < made.endedAt || kind === 'create') continue
      const isGone = status === 404 || status === 410
      const isDark = final && (status === null || status >= 500 || operation.broken !== null)
      if (isGone ? mayBeGone(operations, operation) : !isDark) continue
      const message = `${slug} was acknowledged, and ${isGone ? `is gone: ${status} ${operation.code}` : 'can not be read'}`
      const enders = operations.filter((other) => ['delete', 'extend', 'claim'].includes(other.kind))
      violations.push({ check: 'lost', message, operations: [operation, made, ...enders] })
    }
  }
  return violations
}

function mayBeGone(operations: readonly Operation[], read: Operation): boolean {
  const before = (kind: Operation['kind']) =>
    operations.filter((other) => other.kind === kind && other.startedAt <= read.endedAt)
  switch (read.code) {
    case 'expired':
      return possibleEnds(operations, read).some(({ from }) => from - CLOCKS_MS <= read.endedAt)
    case 'deleted':
      return before('delete').some(({ outcome }) => outcome !== 'fail')
    case 'burned':
      // A claim that failed may have used its reading up all the same: it is given back as well as may be.
      return before('claim').some(({ status }) => status === null || status === 200 || status >= 500)
    default:
      // A HEAD says no code.
      return read.kind === 'head' && read.status === 410
  }
}
