import type { Kysely } from 'kysely'
import { affected } from './affected-rows.ts'
import { type Burn, CLEARED } from './end-statements.ts'
import type { PasteRow, PasteTables } from './tables.ts'

/** The statements that count readings of a limited paste. Each is conditional: of competing claims, one matches the row. */
export type ClaimStatements = ReturnType<typeof claimStatements>

/** Not compiled ahead, because claims are rare. `claim` is a unique id that shows whether a lost answer was a success. */
export function claimStatements(db: Kysely<PasteTables>) {
  const live = (slug: string, now: number) =>
    db
      .updateTable('pastes')
      .where('slug', '=', slug)
      .where('state', '=', 'live')
      .where((or) => or.or([or('expires_at', 'is', null), or('expires_at', '>', now)]))
  return {
    /** Counts a reading that is not the last. */
    countOne: (slug: string, now: number, claim: string) =>
      affected(
        live(slug, now)
          .set((row) => ({ views: row('views', '+', 1), claim_id: claim, claimed_at: now }))
          .where((row) => row(row('views', '+', 1), '<', row.ref('max_views'))),
      ),
    /** Counts the last reading, which ends the paste; `end` names the objects of this `version`. */
    countLast: (slug: string, now: number, claim: string, version: number, end: Burn) =>
      affected(
        live(slug, now)
          .set((row) => ({
            ...end,
            ...CLEARED,
            state: 'ended' as const,
            views: row('views', '+', 1),
            claim_id: claim,
            claimed_at: now,
          }))
          .where('version', '=', version)
          .where((row) => row(row('views', '+', 1), '>=', row.ref('max_views'))),
      ),
    /** Takes back a reading that was not the last. */
    releaseOne: (slug: string) =>
      affected(
        db
          .updateTable('pastes')
          .set((row) => ({ views: row('views', '-', 1) }))
          .where('slug', '=', slug)
          .where('views', '>', 0),
      ),
    /** Settles the last reading: from now on it can't be taken back. */
    keepLast: (slug: string, claim: string) =>
      affected(
        db
          .updateTable('pastes')
          .set({ claim_id: null })
          .where('slug', '=', slug)
          .where('state', '=', 'ended')
          .where('claim_id', '=', claim),
      ),
    /** Takes back the last reading and revives the paste; `before` holds the columns that its end cleared. */
    releaseLast: (slug: string, claim: string, before: Partial<PasteRow>) =>
      affected(
        db
          .updateTable('pastes')
          .set((row) => ({ ...before, views: row('views', '-', 1), claim_id: null, claimed_at: null }))
          .where('slug', '=', slug)
          .where('state', '=', 'ended')
          .where('claim_id', '=', claim),
      ),
  }
}
