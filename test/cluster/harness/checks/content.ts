import type { Check } from '../ledger.ts'

/** Whoever reads a whole answer gets bytes that somebody sent to this paste: never torn, mixed, short or long. */
export const contentIsWhole: Check = ({ operations }) =>
  operations
    .filter(({ outcome, got, broken }) => outcome === 'ok' && (got?.content?.startsWith('?') || broken !== null))
    .map((operation) => ({
      check: 'whole',
      message: `what came is nothing that was sent: ${operation.got?.content ?? ''} ${operation.broken ?? ''}`,
      operations: [operation],
    }))
