import type { Ledger, Operation } from '../ledger.ts'

/** A value that a write gave to a paste, or may have given. */
export type Written<Value> = { value: Value; by: Operation }

/** How long another replica's memory may answer with what it was. */
export const STALE_MS = 5_000

/** The operations on each slug, in the order in which they began. */
export function bySlug({ operations }: Ledger): Map<string, Operation[]> {
  const groups = new Map<string, Operation[]>()
  for (const operation of operations) {
    if (operation.slug === null) continue
    const group = groups.get(operation.slug) ?? []
    group.push(operation)
    groups.set(operation.slug, group)
  }
  return groups
}

/**
 * The writes whose value a read may give: those that may have had an effect by then, without those that were replaced
 * by an acknowledged write `STALE_MS` before the read began. A write of unknown outcome may take effect at any time
 * after it began: the replica that has it may be frozen.
 */
export function possible<Value>(writes: readonly Written<Value>[], read: Operation): Written<Value>[] {
  const acknowledged = writes.filter(({ by }) => by.outcome === 'ok')
  return writes.filter(({ by }) => {
    if (by.outcome === 'fail' || by.startedAt > read.endedAt) return false
    if (by.outcome === 'info') return true
    return !acknowledged.some(
      (later) => later.by.startedAt >= by.endedAt && later.by.endedAt + STALE_MS < read.startedAt,
    )
  })
}

/**
 * The creates of a slug that may have made it: the acknowledged one, or, as long as there is none, the unknown. Repeats
 * under an Idempotency-Key change nothing: together they are one, from the first request to the first answer.
 */
export function creates(operations: readonly Operation[]): Operation[] {
  const all = operations.filter(({ kind, outcome }) => kind === 'create' && outcome !== 'fail')
  const made = all.find(({ outcome }) => outcome === 'ok')
  if (made === undefined) return all
  const first = operations.find(({ kind, sent }) => kind === 'create' && sent?.content === made.sent?.content)
  return [{ ...made, startedAt: first?.startedAt ?? made.startedAt }]
}

/** Ends of life that a read may go by, epoch ms, each as the span in which it lies. */
export function possibleEnds(operations: readonly Operation[], read: Operation): { from: number; to: number }[] {
  const writes = [...creates(operations), ...operations.filter(({ kind }) => kind === 'extend')]
  return possible(
    writes.map((by) => ({ value: endOf(by), by })),
    read,
  ).map(({ value }) => value)
}

function endOf({ sent, got, startedAt, outcome }: Operation): { from: number; to: number } {
  if (outcome === 'ok' && got?.expiresAt) return { from: got.expiresAt, to: got.expiresAt }
  if (!sent?.expiresInMs) return { from: Number.POSITIVE_INFINITY, to: Number.POSITIVE_INFINITY }
  return { from: startedAt + sent.expiresInMs, to: Number.POSITIVE_INFINITY }
}

/** Whether an answer says that the paste is there. */
export function isServed({ kind, status, broken }: Operation): boolean {
  const isRead = kind === 'read' || kind === 'range' || kind === 'revalidate' || kind === 'head' || kind === 'describe'
  return isRead && broken === null && (status === 200 || status === 206 || status === 304)
}
