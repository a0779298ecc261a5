import type { ColumnType } from 'kysely'
import type { Paste, RemovalReason, Visibility } from '../model/index.ts'

/** The state machine's state, see `life.ts`. */
export type PasteState = 'uploading' | 'live' | 'ended'

/** Why a row ended; `abandoned`: an upload that never finished, which leaves no tombstone. */
export type EndReason = 'expired' | 'deleted' | 'burned' | 'abandoned'

/** A row of `pastes`. Times are epoch ms, sizes bytes, hashes lower-case hex. */
export type PasteRow = {
  slug: string
  kind: Paste['kind']
  state: PasteState
  end_reason: EndReason | null
  version: number
  created_at: number
  updated_at: number
  expires_at: number | null
  ended_at: number | null
  /** When the sweeper processes this row next; null: never. */
  purge_at: number | null
  /** `created_at` while the paste is in the public list, else null. */
  listed_at: number | null
  visibility: Visibility
  title: string | null
  language: string | null
  file_name: string | null
  edit_token_hash: string
  max_views: number | null
  views: number
  claim_id: string | null
  claimed_at: number | null
  encoding: 'identity' | 'zstd'
  size_bytes: number
  stored_bytes: number
  sha256: string
  line_count: number
  utf8: number
  media_type: string
  frames: Uint8Array
  /** Checksums of the frames of the object; null for a body in the row, and for objects of the former release. */
  frame_sums: Uint8Array | null
  body: Uint8Array | null
  object_key: string | null
  /** The object that an edit under way is writing. */
  pending_key: string | null
  /** Comma-joined keys of objects to remove; during an upload, keys of its parts too. */
  garbage: string | null
  /** The state of a resumable upload, see `tus/state.ts`; null for every other row. */
  upload: Uint8Array | null
  /** The mark of the last write but for claims, which leave theirs in `claim_id`; see `settle-write.ts`. */
  write_id: string | null
  /** Of an ended row that an operator removed: why. Its `end_reason` is `deleted`, which the former release knows. */
  removal: RemovalReason | null
}

/** A row of `idempotency_keys`: one for each key within a day. */
export type IdempotencyRow = {
  key_hash: string
  fingerprint: string
  slug: string
  salt: string
  state: 'running' | 'done'
  /** SHA-256 of the content that was saved, once done. */
  sha256: string | null
  created_at: number
  purge_at: number
  /** The mark of the last write: only the request that set it owns the key. */
  write_id: string | null
}

/** A row of `service_values`: what belongs to the database as a whole. */
export type ServiceValueRow = { name: string; value: string }

/** Columns that nothing reads. Not null without a default, so an insert must give a value; see migration 0001. */
type UnusedColumns = { burn_after_reading: ColumnType<number, 0, never> }

/** The tables of this room, for Kysely. */
export type PasteTables = {
  pastes: PasteRow & UnusedColumns
  idempotency_keys: IdempotencyRow
  service_values: ServiceValueRow
}
