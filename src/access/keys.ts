import type { Kysely } from 'kysely'
import type { Clock } from '../core/index.ts'
import { hashKey, isKey, type Scope } from './key.ts'
import type { AccessKeyRow, AccessTables } from './tables.ts'

/** A key without its secret. Times are epoch ms; `expiresAt` null: never, `usedAt` null: not yet, else a day. */
export type AccessKey = {
  name: string
  scopes: readonly Scope[]
  createdAt: number
  expiresAt: number | null
  usedAt: number | null
}

/** The keys of the service, the same at every replica. */
export type AccessKeys = {
  /** Stores a key; false where its name is taken. */
  add(key: string, about: { name: string; scopes: readonly Scope[]; expiresAt: number | null }): Promise<boolean>
  list(): Promise<AccessKey[]>
  /** Removes a key by its name; false where there is none. Replicas refuse it within 4 s. */
  revoke(name: string): Promise<boolean>
  /** Whether a text is a key with this scope that has not expired. Notes the day of its use. */
  allows(text: string, scope: Scope): Promise<boolean>
}

/** How long a replica trusts what it read: a revoked key is refused within it, as a deleted paste is. */
const TRUSTED_MS = 4_000
/** More keys than that in use at once are read again and again. */
const MOST_KEPT = 10_000
const DAY_MS = 86_400_000

type Kept = { row: AccessKeyRow | undefined; until: number }

/** Keys in `access_keys`; what was read is kept in memory for some seconds, a key that isn't there too. */
export function createAccessKeys(db: Kysely<AccessTables>, clock: Clock): AccessKeys {
  const kept = new Map<string, Kept>()

  async function find(keyHash: string): Promise<AccessKeyRow | undefined> {
    const known = kept.get(keyHash)
    if (known !== undefined && clock.now() < known.until) return known.row
    const row = await db.selectFrom('access_keys').selectAll().where('key_hash', '=', keyHash).executeTakeFirst()
    if (kept.size >= MOST_KEPT) kept.clear()
    kept.set(keyHash, { row, until: clock.now() + TRUSTED_MS })
    return row
  }

  async function noteUse(row: AccessKeyRow): Promise<void> {
    const today = clock.now() - (clock.now() % DAY_MS)
    if (row.used_at === today) return
    row.used_at = today
    await db.updateTable('access_keys').set({ used_at: today }).where('key_hash', '=', row.key_hash).execute()
  }

  return {
    async add(key, { name, scopes, expiresAt }) {
      const taken = await db.selectFrom('access_keys').select('name').where('name', '=', name).executeTakeFirst()
      if (taken !== undefined) return false
      const row = { key_hash: hashKey(key), name, scopes: scopes.join(), created_at: clock.now(), used_at: null }
      await db
        .insertInto('access_keys')
        .values({ ...row, expires_at: expiresAt })
        .execute()
      return true
    },
    async list() {
      const rows = await db.selectFrom('access_keys').selectAll().orderBy('name').execute()
      return rows.map(describe)
    },
    async revoke(name) {
      const gone = await db.deleteFrom('access_keys').where('name', '=', name).executeTakeFirst()
      return gone.numDeletedRows > 0n
    },
    async allows(text, scope) {
      if (!isKey(text)) return false
      const row = await find(hashKey(text))
      if (row === undefined || (row.expires_at !== null && clock.now() >= row.expires_at)) return false
      if (!row.scopes.split(',').includes(scope)) return false
      // The day of its last use is a figure; a request doesn't fail for it.
      noteUse(row).catch(() => {})
      return true
    },
  }
}

function describe({ name, scopes, created_at, expires_at, used_at }: AccessKeyRow): AccessKey {
  const createdAt = created_at
  return { name, scopes: scopes.split(',') as Scope[], createdAt, expiresAt: expires_at, usedAt: used_at }
}
