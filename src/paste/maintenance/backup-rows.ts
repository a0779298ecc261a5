import { livePurgeAt, type PasteRow, TOMBSTONE_MS, wasPaste } from '../rows/index.ts'

/** The first line of a backup's rows. */
export type BackupHeader = { format: 'extended-pastebin-backup'; version: 1; takenAt: number }

/** Thrown for a backup of another version, or for a file that is no backup. */
export class BackupUnreadable extends Error {
  override name = 'BackupUnreadable'
}

/**
 * The row as a backup stores it; undefined for uploads under way and abandoned ones. Omits unfinished edits, objects to
 * remove and the state of a finished upload.
 */
export function keptRow(row: PasteRow): PasteRow | undefined {
  if (!wasPaste(row)) return undefined
  const purgeAt = row.state === 'live' ? livePurgeAt(row.expires_at, null) : (row.ended_at ?? 0) + TOMBSTONE_MS
  return { ...row, purge_at: purgeAt, pending_key: null, garbage: null, upload: null }
}

/** One row as a line of JSON (RFC 8259) without its line end; bytes become `{"base64": …}`. */
export function encodeRow(row: PasteRow): string {
  const bytes = (value: unknown) =>
    value instanceof Uint8Array ? { base64: Buffer.from(value).toString('base64') } : value
  return JSON.stringify(Object.fromEntries(Object.entries(row).map(([column, value]) => [column, bytes(value)])))
}

/** The inverse of {@link encodeRow}. Throws {@link BackupUnreadable} for any other line. */
export function decodeRow(line: string): PasteRow {
  const row = parse(line)
  if (typeof row.slug !== 'string' || typeof row.state !== 'string') throw new BackupUnreadable('a line is no row')
  const bytes = (value: unknown) => {
    const { base64 } = (value ?? {}) as { base64?: unknown }
    return typeof base64 === 'string' ? Buffer.from(base64, 'base64') : value
  }
  return Object.fromEntries(Object.entries(row).map(([column, value]) => [column, bytes(value)])) as PasteRow
}

/** A backup's first line. Throws {@link BackupUnreadable} when this version can't restore it. */
export function decodeHeader(line: string): BackupHeader {
  const header = parse(line) as Partial<BackupHeader>
  if (header.format !== 'extended-pastebin-backup') throw new BackupUnreadable('this is no backup')
  if (header.version !== 1) throw new BackupUnreadable(`a backup of version ${header.version} needs a newer programme`)
  return header as BackupHeader
}

function parse(line: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(line)
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>
  } catch {}
  throw new BackupUnreadable('a line is no JSON object')
}
