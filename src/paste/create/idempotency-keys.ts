import { hash } from 'node:crypto'
import type { Kysely } from 'kysely'
import { AppError, type Clock, DuplicateKey, OutcomeUnknown, type RandomSource, withTimeout } from '../../core/index.ts'
import type { Sweepable } from '../../expiry/index.ts'
import { type IdempotencyRow, isOutcomeUnknown, LEASE_MS, type PasteTables, REREAD_MS } from '../rows/index.ts'
import { derivedEditToken } from './tokens.ts'

const KEPT_MS = 86_400_000
const KEY = /^[\x21-\x7e]{1,128}$/

/** A create under a key. Its slug and edit token are fixed when it begins, so a repetition can't create a second paste. */
export type Attempt = {
  /** `new`: never run; `running`: under way, or its process died; `done`: it created the paste at `slug`. */
  state: 'new' | 'running' | 'done'
  slug: string
  editToken: string
  /** SHA-256 of the stored content, once done. */
  sha256: string | null
  /** Whether its lease is over, so that {@link Attempt.takeOver} may be called. */
  overdue: boolean
  /** Takes a `running` attempt over; false when another request did first. */
  takeOver(): Promise<boolean>
  /** Records the outcome for a day. `slug` differs from the attempt's where that one was taken. */
  done(slug: string, sha256: string): Promise<void>
  /** Frees the key for another try. */
  failed(): Promise<void>
}

/** Idempotency-Keys (draft-ietf-httpapi-idempotency-key-header), in the database, so that all replicas share them. */
export type IdempotencyKeys = {
  /**
   * Begins an attempt, or finds the earlier one. `fingerprint` is a hash of the request without its content.
   * Throws `invalid_idempotency_key` (1 to 128 visible ASCII characters), `idempotency_mismatch`.
   */
  begin(key: string, fingerprint: string, slug: string): Promise<Attempt>
  /** Removes keys older than a day. */
  sweepable: Sweepable<Pick<IdempotencyRow, 'key_hash' | 'purge_at'>>
}

/** Stores keys in `idempotency_keys`, as hashes only. */
export function createIdempotencyKeys(
  db: Kysely<PasteTables>,
  deps: { clock: Clock; random: RandomSource },
): IdempotencyKeys {
  const { clock } = deps

  function attempt(key: string, row: IdempotencyRow, state: Attempt['state']): Attempt {
    const own = db.updateTable('idempotency_keys').where('key_hash', '=', row.key_hash).where('salt', '=', row.salt)
    return {
      state,
      slug: row.slug,
      editToken: derivedEditToken(key, row.salt),
      sha256: row.sha256,
      overdue: row.created_at + LEASE_MS <= (clock.doubt?.()?.earliest ?? clock.now()),
      async takeOver() {
        const taken = await own
          .set({ created_at: clock.now() })
          .where('created_at', '=', row.created_at)
          .executeTakeFirst()
        return Number(taken.numUpdatedRows) === 1
      },
      async done(slug, sha256) {
        await own.set({ state: 'done', slug, sha256 }).execute()
      },
      async failed() {
        await db
          .deleteFrom('idempotency_keys')
          .where('key_hash', '=', row.key_hash)
          .where('salt', '=', row.salt)
          .where('state', '=', 'running')
          .execute()
      },
    }
  }

  return {
    async begin(key, fingerprint, slug) {
      if (!KEY.test(key))
        throw new AppError('invalid_idempotency_key', {
          detail: 'Send 1 to 128 visible ASCII characters, such as a UUID.',
        })
      const now = clock.now()
      const row: IdempotencyRow = {
        key_hash: hash('sha256', key, 'hex'),
        fingerprint,
        slug,
        salt: deps.random.bytes(24).toString('base64url'),
        state: 'running',
        sha256: null,
        created_at: now,
        purge_at: now + KEPT_MS,
      }
      let lost: OutcomeUnknown | undefined
      try {
        await db.insertInto('idempotency_keys').values(row).execute()
        return attempt(key, row, 'new')
      } catch (error) {
        if (error instanceof OutcomeUnknown) lost = error
        else if (!(error instanceof DuplicateKey)) throw error
      }
      const reread = db.selectFrom('idempotency_keys').selectAll().where('key_hash', '=', row.key_hash)
      const reading = reread.executeTakeFirst()
      const found = await (lost ? withTimeout(reading, REREAD_MS) : reading).catch((cause) => {
        throw lost ? new AppError('commit_unknown', { cause }) : cause
      })
      // This random salt proves that the insert took effect and only its answer was lost.
      if (found?.salt === row.salt) return attempt(key, row, 'new')
      if (found === undefined) throw lost ? new AppError('commit_unknown', { cause: lost }) : inProgress()
      if (found.fingerprint !== fingerprint) throw mismatch()
      return attempt(key, found, found.state)
    },
    sweepable: {
      name: 'idempotency keys',
      listDue: (now, limit) =>
        db
          .selectFrom('idempotency_keys')
          .select(['key_hash', 'purge_at'])
          .where('purge_at', '<=', now)
          .orderBy('purge_at')
          .limit(limit)
          .execute(),
      async purge(item) {
        const { key_hash, purge_at } = item
        await db
          .deleteFrom('idempotency_keys')
          .where('key_hash', '=', key_hash)
          .where('purge_at', '=', purge_at)
          .execute()
        return true
      },
    },
  }
}

/** Takes over an attempt that left no paste. Throws `idempotency_in_progress` while another request runs it. */
export async function takeOver(attempt: Attempt, isRunning: boolean): Promise<void> {
  if (isRunning || !(await attempt.takeOver())) throw inProgress()
}

/**
 * Runs the create of an attempt and records its outcome. A failure frees the key, unless the outcome is unknown: then a
 * repetition finds out.
 */
export async function runAttempt<Made>(
  attempt: Attempt,
  create: () => Promise<Made>,
  outcome: (made: Made) => { slug: string; sha256: string },
): Promise<Made> {
  const made = await create().catch(async (error: unknown) => {
    if (!isOutcomeUnknown(error)) await attempt.failed().catch(() => {})
    throw error
  })
  const { slug, sha256 } = outcome(made)
  // A repetition finds the row under the attempt's slug even if this fails.
  await attempt.done(slug, sha256).catch((error) => {
    if (slug !== attempt.slug) throw error
  })
  return made
}

function inProgress(): AppError {
  return new AppError('idempotency_in_progress', { headers: { 'retry-after': '1' } })
}

/** The error for a key that belongs to another request. */
export function mismatch(): AppError {
  return new AppError('idempotency_mismatch', {
    detail: 'This Idempotency-Key came with other content or options before. Use a new key for another request.',
  })
}
