import { hash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import type { PasteRow } from '../rows/index.ts'
import { checkedColumns } from './shared-row-checks.ts'

/** A row and when it was read from the database, epoch ms. */
export type ReadRow = { row: PasteRow; readAt: number }

// Changes with the columns of a row, so that replicas of two versions never read each other's entries.
const MAGIC = Buffer.from('row2')
const HEADER_BYTES = 12
const MOST_BYTES = 2 ** 24
const NOTHING = Buffer.alloc(0)

/** `row2`, CRC-32 of the rest, length of the JSON, JSON of the columns, then frames, checksums of frames, body. */
export function encodeSharedRow({ row, readAt }: ReadRow): Buffer {
  // What only an upload, a write or an ended row needs is read from the database.
  const { frames, frame_sums, body, upload: _upload, write_id: _mark, removal: _removal, ...columns } = row
  const lengths = [frames.length, frame_sums?.length ?? -1, body?.length ?? -1]
  const json = Buffer.from(JSON.stringify({ readAt, lengths, columns }))
  const rest = Buffer.concat([json, frames, frame_sums ?? NOTHING, body ?? NOTHING])
  const header = Buffer.alloc(HEADER_BYTES)
  MAGIC.copy(header)
  header.writeUInt32LE(crc32(rest), 4)
  header.writeUInt32LE(json.length, 8)
  return Buffer.concat([header, rest])
}

/**
 * The inverse of {@link encodeSharedRow}; undefined for anything that it can't have written for this slug. The CRC tells
 * damage, not origin, so each column is checked as a request's members are.
 */
export function decodeSharedRow(bytes: Buffer, slug: string): ReadRow | undefined {
  if (bytes.length < HEADER_BYTES || !bytes.subarray(0, MAGIC.length).equals(MAGIC)) return undefined
  const rest = bytes.subarray(HEADER_BYTES)
  if (crc32(rest) !== bytes.readUInt32LE(4)) return undefined
  const jsonBytes = bytes.readUInt32LE(8)
  if (jsonBytes > rest.length) return undefined
  const head = parse(rest.toString('utf8', 0, jsonBytes))
  const { readAt, lengths } = head
  const columns = checkedColumns(head.columns)
  if (columns?.slug !== slug || !Number.isSafeInteger(readAt) || !areLengths(lengths)) return undefined
  let at = jsonBytes
  const [frames, frame_sums, body] = lengths.map((length) => {
    if (length < 0) return null
    at += length
    return rest.subarray(at - length, at)
  })
  if (at !== rest.length || !frames || frame_sums === undefined || body === undefined) return undefined
  const row: PasteRow = { ...columns, upload: null, write_id: null, removal: null, frames, frame_sums, body }
  return isWhole(row) ? { row, readAt: readAt as number } : undefined
}

/** Whether the body is where it should be, and the one that its columns describe. */
function isWhole({ body, object_key, encoding, size_bytes, stored_bytes, sha256 }: PasteRow): boolean {
  if ((body === null) === (object_key === null)) return false
  if (encoding === 'identity' && size_bytes !== stored_bytes) return false
  if (body === null) return true
  // A compressed body has a checksum of its own, checked when it is decompressed.
  return body.length === stored_bytes && (encoding === 'zstd' || hash('sha256', body, 'hex') === sha256)
}

function areLengths(value: unknown): value is number[] {
  const isLength = (length: unknown) => Number.isInteger(length) && Math.abs(length as number) <= MOST_BYTES
  return Array.isArray(value) && value.length === 3 && value.every(isLength)
}

function parse(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>
  } catch {}
  return {}
}
