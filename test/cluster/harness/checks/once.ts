import type { Check, Ledger, Operation, Violation } from '../ledger.ts'

/** A slug is given once, and an Idempotency-Key makes one paste: same slug, same edit token, however often it is sent. */
export const madeOnce: Check = (ledger) => [
  ...differing(ledger, 'slug', ({ slug }) => slug),
  ...differing(ledger, 'Idempotency-Key', ({ sent }) => sent?.idempotencyKey ?? null),
]

function differing({ operations }: Ledger, what: string, keyOf: (operation: Operation) => string | null): Violation[] {
  const made = operations.filter(({ kind, outcome }) => kind === 'create' && outcome === 'ok')
  const groups = Map.groupBy(made, keyOf)
  return [...groups]
    .filter(
      ([key, group]) => key !== null && new Set(group.map(({ slug, got }) => `${slug} ${got?.editToken}`)).size > 1,
    )
    .map(([key, group]) => ({
      check: 'once',
      message: `${group.length} pastes were acknowledged for the ${what} ${key}`,
      operations: group,
    }))
}
