import type { Run, RunStep } from '../../src/analytics/runs/schema.ts'
import { middle } from '../../src/analytics/runs/spread.ts'
import type { Profile } from './profile-schema.ts'
import type { Figures } from './tally.ts'

/** What claims are judged by. */
export type Evidence = {
  steps: readonly RunStep[]
  statuses: Figures['statuses'][]
  knee: Run['knee']
  /** Of every paste that was claimed at all. */
  winners: readonly number[]
  /** Calls to the object store for each burst; null when nobody counted. */
  storeReadsPerBurst: number | null
}

/** What the profile expects, and whether it was so. What can't be known does not hold. */
export function judgeClaims(expect: NonNullable<Profile['expect']>, evidence: Evidence): Run['claims'] {
  const { steps, statuses, knee, winners, storeReadsPerBurst } = evidence
  const operations = steps.flatMap(({ byOperation }) => byOperation)
  const claims: Run['claims'] = []
  const claim = (text: string, holds: boolean) => claims.push({ claim: text, holds })
  if (expect.errorShare !== undefined) {
    const errors = operations.reduce((sum, operation) => sum + operation.errors, 0)
    const share = errors / Math.max(1, sumOf(operations.map(({ count }) => count)))
    claim(`errors ${percent(share)}, expected at most ${percent(expect.errorShare)}`, share <= expect.errorShare)
  }
  for (const [operation, mostMs] of Object.entries(expect.p99Ms ?? {})) {
    const measured = operations.filter((entry) => entry.operation === operation).map(({ p99Ms }) => p99Ms)
    const p99Ms = middle(measured)
    claim(`${operation} p99 ${p99Ms} ms (median of steps), expected at most ${mostMs} ms`, p99Ms <= mostMs)
  }
  if (expect.kneePerSecond !== undefined) {
    const perSecond = knee?.perSecond ?? 0
    claim(`knee ${perSecond}/s, expected at least ${expect.kneePerSecond}/s`, perSecond >= expect.kneePerSecond)
  }
  if (expect.winnersPerPaste !== undefined) {
    const wrong = winners.filter((count) => count !== expect.winnersPerPaste).length
    const text = `${winners.length} pastes claimed, ${wrong} of them not by exactly ${expect.winnersPerPaste}`
    claim(text, wrong === 0 && winners.length > 0)
  }
  if (expect.refusedShare !== undefined) {
    const guesses = statuses.map((byOperation) => byOperation.get('guess') ?? new Map<number, number>())
    const refused = sumOf(guesses.map((byStatus) => byStatus.get(429) ?? 0))
    const share = refused / Math.max(1, sumOf(guesses.map((byStatus) => sumOf([...byStatus.values()]))))
    const text = `${percent(share)} of the guesses refused, expected at least ${percent(expect.refusedShare)}`
    claim(text, share >= expect.refusedShare)
  }
  if (expect.storeReadsPerBurst !== undefined) {
    const reads = storeReadsPerBurst
    const seen = reads === null ? 'store reads were not counted' : `${reads.toFixed(1)} store reads per burst`
    claim(
      `${seen}, expected at most ${expect.storeReadsPerBurst}`,
      reads !== null && reads <= expect.storeReadsPerBurst,
    )
  }
  return claims
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0)
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(3))} %`
}
