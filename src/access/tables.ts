/** A row of `access_keys`. Times are epoch ms. */
export type AccessKeyRow = {
  key_hash: string
  name: string
  /** Scopes, comma-joined. */
  scopes: string
  created_at: number
  /** Null: never. */
  expires_at: number | null
  /** Start of the day (UTC) of its last use; null: never used. */
  used_at: number | null
}

/** The table of this room, for Kysely. */
export type AccessTables = { access_keys: AccessKeyRow }
