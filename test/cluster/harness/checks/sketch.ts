import type { Check, FaultRecord, Kind, Ledger, Operation } from '../ledger.ts'

/** What differs from the ordinary in an operation. */
export type Sketch = Partial<Omit<Operation, 'sent' | 'got' | 'id'>> & {
  sent?: Partial<NonNullable<Operation['sent']>>
  got?: Partial<NonNullable<Operation['got']>>
}

/** An operation on the slug `s` that begins at second `at` and takes 100 ms. */
export function operation(kind: Kind, at: number, { sent, got, ...more }: Sketch = {}): Operation {
  return {
    ...{ id: 0, kind, via: 0, paste: 0, slug: 's', scheduledAt: at * 1_000, startedAt: at * 1_000 },
    ...{ endedAt: at * 1_000 + 100, outcome: 'ok', status: 200, code: null, broken: null },
    ...{ retryAfter: false, needsStore: false, final: false },
    ...(sent && {
      sent: { content: null, expiresInMs: null, maxViews: null, idempotencyKey: null, ifMatch: null, ...sent },
    }),
    ...(got && { got: { content: null, bytes: 0, expiresAt: null, editToken: null, cacheControl: null, ...got } }),
    ...more,
  }
}

/** How a refusal differs from an acknowledgement. */
export const refused = (status: number, code: string | null, more: Sketch = {}) =>
  ({ outcome: status === 503 ? 'info' : 'fail', status, code, ...more }) as const

/** What a check says of a ledger of these operations and faults. */
export function messages(check: Check, operations: Operation[], faults: FaultRecord[] = []): string[] {
  const ledger: Ledger = { operations, faults, mishaps: [] }
  return check(ledger).map(({ message }) => message)
}
