import { hash } from 'node:crypto'
import { AppError, DuplicateKey, OutcomeUnknown, withTimeout } from '../../core/index.ts'
import type { Sweepable } from '../../expiry/index.ts'
import { bears, type IdempotencyRow, isOutcomeUnknown, newMark, REREAD_MS } from '../rows/index.ts'
import { type Attempt, type AttemptDeps, attemptOf } from './attempt.ts'
import { inProgress, mismatch } from './idempotency-errors.ts'

const KEPT_MS = 86_400_000

/** Idempotency-Keys (draft-ietf-httpapi-idempotency-key-header), in the database, so that all replicas share them. */
export type IdempotencyKeys = {
  /**
   * Begins an attempt, or finds the earlier one. `key` is a secret, or names the client that may repeat it;
   * `fingerprint` is a hash of the request without its content. Throws `idempotency_mismatch`.
   */
  begin(key: string, fingerprint: string, slug: string): Promise<Attempt>
  /** Removes keys older than a day. */
  sweepable: Sweepable<Pick<IdempotencyRow, 'key_hash' | 'purge_at'>>
}

/** Stores keys in `idempotency_keys`, as hashes only. */
export function createIdempotencyKeys(deps: AttemptDeps): IdempotencyKeys {
  const { db, clock, random } = deps
  return {
    async begin(key, fingerprint, slug) {
      const now = clock.now()
      const mark = newMark(random)
      const row: IdempotencyRow = {
        key_hash: hash('sha256', key, 'hex'),
        fingerprint,
        slug,
        salt: random.bytes(24).toString('base64url'),
        state: 'running',
        sha256: null,
        created_at: now,
        purge_at: now + KEPT_MS,
        write_id: mark,
      }
      let lost: OutcomeUnknown | undefined
      try {
        await db.insertInto('idempotency_keys').values(row).execute()
        return attemptOf(deps, key, row, 'new')
      } catch (error) {
        if (error instanceof OutcomeUnknown) lost = error
        else if (!(error instanceof DuplicateKey)) throw error
      }
      const reread = db.selectFrom('idempotency_keys').selectAll().where('key_hash', '=', row.key_hash)
      const reading = reread.executeTakeFirst()
      const found = await (lost ? withTimeout(reading, REREAD_MS) : reading).catch((cause) => {
        throw lost ? new AppError('commit_unknown', { cause }) : cause
      })
      if (bears(found, mark)) return attemptOf(deps, key, row, 'new')
      if (found === undefined) throw lost ? new AppError('commit_unknown', { cause: lost }) : inProgress()
      if (found.fingerprint !== fingerprint) throw mismatch()
      return attemptOf(deps, key, found, found.state)
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

/**
 * Runs the create of an attempt and records its outcome. A failure frees the key, unless the outcome is unknown: then a
 * repetition finds out.
 */
export async function runAttempt<Made>(
  attempt: Attempt,
  create: () => Promise<Made>,
  sha256Of: (made: Made) => string,
): Promise<Made> {
  const made = await create().catch(async (error: unknown) => {
    if (!isOutcomeUnknown(error)) await attempt.failed().catch(() => {})
    throw error
  })
  // A repetition finds the row under the attempt's slug even if this fails.
  await attempt.done(sha256Of(made)).catch(() => {})
  return made
}
