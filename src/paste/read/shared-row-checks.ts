import { isObjectKey, isSlug } from '../../shortening/index.ts'
import { GARBAGE_BYTES, type PasteRow } from '../rows/index.ts'

/** The columns that travel as JSON; the others are bytes, or never travel. */
export type SharedColumns = Omit<PasteRow, 'frames' | 'frame_sums' | 'body' | 'upload' | 'write_id' | 'removal'>

type Check = (value: unknown) => boolean

const HASH = /^[0-9a-f]{64}$/
// It becomes a header as it is.
const MEDIA_TYPE = /^[\x20-\x7e]{1,100}$/
const MOST_BYTES = 2 ** 31
const LATEST = 8.64e15

const isNull: Check = (value) => value === null
const either =
  (...allowed: unknown[]): Check =>
  (value) =>
    allowed.includes(value)
const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value)
const whole =
  (least: number, most: number): Check =>
  (value) =>
    Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most
const text =
  (mostLetters: number): Check =>
  (value) =>
    typeof value === 'string' && value.length <= mostLetters
const like =
  (pattern: RegExp): Check =>
  (value) =>
    typeof value === 'string' && pattern.test(value)
const time = whole(0, LATEST)
const key: Check = (value) => typeof value === 'string' && isObjectKey(value)

/** What each column of a live, unlimited row may hold. No other row is ever shared. */
const CHECKS: Record<keyof SharedColumns, Check> = {
  slug: (value) => typeof value === 'string' && isSlug(value),
  kind: either('paste', 'link'),
  state: either('live'),
  end_reason: isNull,
  version: whole(1, MOST_BYTES),
  created_at: time,
  updated_at: time,
  expires_at: orNull(time),
  ended_at: isNull,
  purge_at: orNull(time),
  listed_at: orNull(time),
  visibility: either('public', 'unlisted', 'private'),
  title: orNull(text(800)),
  language: orNull(text(32)),
  file_name: orNull(text(255)),
  edit_token_hash: like(HASH),
  max_views: isNull,
  views: whole(0, MOST_BYTES),
  claim_id: orNull(text(32)),
  claimed_at: orNull(time),
  encoding: either('identity', 'zstd'),
  size_bytes: whole(1, MOST_BYTES),
  stored_bytes: whole(1, MOST_BYTES),
  sha256: like(HASH),
  line_count: whole(0, MOST_BYTES),
  utf8: either(0, 1),
  media_type: like(MEDIA_TYPE),
  object_key: orNull(key),
  pending_key: orNull(key),
  garbage: orNull(text(GARBAGE_BYTES)),
}
const COLUMNS = Object.entries(CHECKS) as [keyof SharedColumns, Check][]

/** The columns of a live row out of a value of unknown origin, without any other member; undefined if one is wrong. */
export function checkedColumns(value: unknown): SharedColumns | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const from = value as Record<string, unknown>
  const columns: Record<string, unknown> = {}
  for (const [name, check] of COLUMNS) {
    if (!Object.hasOwn(from, name) || !check(from[name])) return undefined
    columns[name] = from[name]
  }
  return columns as SharedColumns
}
