import type { Check, Violation } from '../ledger.ts'
import { bySlug, creates, possible } from './values.ts'

/** Whoever reads a whole answer gets bytes that somebody sent to this paste: never torn, mixed, short or long. */
export const contentIsWhole: Check = ({ operations }) =>
  operations
    .filter(({ outcome, got, broken }) => outcome === 'ok' && (got?.content?.startsWith('?') || broken !== null))
    .map((operation) => ({
      check: 'whole',
      message: `what came is nothing that was sent: ${operation.got?.content ?? ''} ${operation.broken ?? ''}`,
      operations: [operation],
    }))

/**
 * A read gives what an acknowledged write, or one of unknown outcome, put there; never what was refused, and nothing
 * that was replaced more than 5 s before.
 */
export const contentIsCurrent: Check = (ledger) => {
  const violations: Violation[] = []
  for (const [slug, operations] of bySlug(ledger)) {
    const writes = [...creates(operations), ...operations.filter(({ kind }) => kind === 'edit')].map((by) => ({
      value: by.sent?.content,
      by,
    }))
    for (const read of operations) {
      const content = read.got?.content
      const isWrite = read.sent !== undefined
      if (isWrite || read.outcome !== 'ok' || !content || content.startsWith('?')) continue
      if (possible(writes, read).some(({ value }) => value === content)) continue
      const writers = operations.filter(({ sent }) => sent?.content === content)
      const why = writers.every(({ outcome }) => outcome === 'fail') ? 'was refused' : 'is out of date'
      const others = writes.filter(({ value }) => value !== content).map(({ by }) => by)
      violations.push({
        check: 'current',
        message: `${slug} gives content that ${why}`,
        operations: [read, ...writers, ...others],
      })
    }
  }
  return violations
}
