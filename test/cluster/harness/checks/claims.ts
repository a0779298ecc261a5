import type { Check, Operation, Violation } from '../ledger.ts'
import { bySlug } from './values.ts'

/** What gives content, and must not give that of a limited paste. */
const LOOKS: readonly Operation['kind'][] = ['read', 'range', 'revalidate', 'head']

/**
 * A paste of `maxViews` readings is given to at most so many claimers, whoever asks whichever replica; nobody else gets
 * a byte of it; and where no claim was left in doubt, no reading is lost either.
 */
export const readingsAreCounted: Check = (ledger) => {
  const violations: Violation[] = []
  for (const [slug, operations] of bySlug(ledger)) {
    const made = operations.find(({ kind, outcome }) => kind === 'create' && outcome !== 'fail')
    const maxViews = made?.sent?.maxViews ?? null
    if (made === undefined || maxViews === null) continue
    const tell = (message: string, those: Operation[]) =>
      violations.push({ check: 'claims', message: `${slug}: ${message}`, operations: [...those, made] })
    const claims = operations.filter(({ kind }) => kind === 'claim')
    const winners = claims.filter(({ status }) => status === 200)
    if (winners.length > maxViews) tell(`${winners.length} readings of ${maxViews}`, winners)
    const leaks = operations.filter(
      ({ kind, status }) => LOOKS.includes(kind) && (status === 200 || status === 206 || status === 304),
    )
    if (leaks.length > 0) tell('content without a claim', leaks)
    const inDoubt = claims.some(({ status }) => status === null || status >= 500)
    const refused = claims.filter(({ code }) => code === 'burned')
    if (refused.length > 0 && winners.length < maxViews && !inDoubt)
      tell(`used up after ${winners.length} readings of ${maxViews}`, [...refused.slice(0, 3), ...winners])
  }
  return violations
}
