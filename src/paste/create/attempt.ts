import type { Kysely } from 'kysely'
import type { Clock, RandomSource } from '../../core/index.ts'
import { affected, type IdempotencyRow, LEASE_MS, newMark, type PasteTables, settleWrite } from '../rows/index.ts'
import { inProgress, overtaken } from './idempotency-errors.ts'
import { derivedEditToken } from './tokens.ts'

/**
 * A create under a key. Its edit token is fixed when it begins and its slug changes in the key's row first, so all
 * requests with the key compete for one row of `pastes`: a second paste can't come about.
 */
export type Attempt = {
  /** `new`: never run; `running`: under way, or its process died; `done`: it created the paste at `slug`. */
  readonly state: 'new' | 'running' | 'done'
  readonly slug: string
  readonly editToken: string
  /** SHA-256 of the stored content, once done. */
  readonly sha256: string | null
  /** Whether its lease is over, so that {@link Attempt.takeOver} may be called. */
  readonly overdue: boolean
  /** Makes this request the owner; false when another one became it first. The former owner's calls fail from then on. */
  takeOver(): Promise<boolean>
  /** Chooses another slug. Throws `idempotency_in_progress` when this request isn't the owner any more. */
  moveTo(slug: string): Promise<void>
  /** Records the outcome for a day; false when this request isn't the owner any more. */
  done(sha256: string): Promise<boolean>
  /** Frees the key for another try, unless another request owns it. */
  failed(): Promise<void>
}

/** Dependencies of attempts. */
export type AttemptDeps = { db: Kysely<PasteTables>; clock: Clock; random: RandomSource }

/** The attempt of a key's row. Each of its writes is conditional on the row's mark, and leaves one of its own. */
export function attemptOf(deps: AttemptDeps, key: string, row: IdempotencyRow, state: Attempt['state']): Attempt {
  const { db, clock } = deps
  let owner = row.write_id
  let { slug } = row
  const find = () =>
    db.selectFrom('idempotency_keys').select('write_id').where('key_hash', '=', row.key_hash).executeTakeFirst()

  async function write(set: Partial<IdempotencyRow>, createdAt?: number): Promise<boolean> {
    const mark = newMark(deps.random)
    const update = db
      .updateTable('idempotency_keys')
      .set({ ...set, write_id: mark })
      .where('key_hash', '=', row.key_hash)
      .where('salt', '=', row.salt)
      .where('write_id', owner === null ? 'is' : '=', owner)
      .$if(createdAt !== undefined, (query) => query.where('created_at', '=', createdAt ?? 0))
    if ((await settleWrite(affected(update), find, mark)) !== 1) return false
    owner = mark
    return true
  }

  return {
    state,
    get slug() {
      return slug
    },
    editToken: derivedEditToken(key, row.salt),
    sha256: row.sha256,
    overdue: row.created_at + LEASE_MS <= (clock.doubt?.()?.earliest ?? clock.now()),
    // The former release takes keys over by their time alone.
    takeOver: () => write({ created_at: clock.now(), state: 'running', sha256: null }, row.created_at),
    async moveTo(next) {
      if (!(await write({ slug: next }))) throw overtaken()
      slug = next
    },
    done: (sha256) => write({ state: 'done', sha256 }),
    async failed() {
      // A former owner may still be under way: its slug and token have to stay those of the key.
      if (state !== 'new') return void (await write({ created_at: 0 }))
      await db
        .deleteFrom('idempotency_keys')
        .where('key_hash', '=', row.key_hash)
        .where('write_id', '=', owner)
        .where('state', '=', 'running')
        .execute()
    },
  }
}

/** Takes over an attempt that left no paste. Throws `idempotency_in_progress` while another request runs it. */
export async function takeOver(attempt: Attempt, isRunning: boolean): Promise<void> {
  if (isRunning || !(await attempt.takeOver())) throw inProgress()
}
