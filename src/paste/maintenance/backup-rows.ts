import type { PasteRow } from '../rows/index.ts'
import { livePurgeAt, TOMBSTONE_MS, wasPaste } from '../rows/index.ts'

/** The first line of a backup's rows. */
export type BackupHead = { format: 'extended-pastebin-backup'; version: 1; takenAt: number }

/** What an older or newer programme wrote, or no backup at all. */
export class BackupUnreadable extends Error {
  override name = 'BackupUnreadable'
}

/**
 * The row as a backup keeps it, or undefined for what has no place in one: uploads under way, abandoned ones, what only
 * the sweeper needs. Unfinished edits, objects to be removed and what is known of a finished upload are left behind.
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

/** The row of a line that {@link encodeRow} made. Throws {@link BackupUnreadable} for anything that is no row. */
export function decodeRow(line: string): PasteRow {
  const row = parse(line)
  if (typeof row.slug !== 'string' || typeof row.state !== 'string') throw new BackupUnreadable('a line is no row')
  const bytes = (value: unknown) => {
    const { base64 } = (value ?? {}) as { base64?: unknown }
    return typeof base64 === 'string' ? Buffer.from(base64, 'base64') : value
  }
  return Object.fromEntries(Object.entries(row).map(([column, value]) => [column, bytes(value)])) as PasteRow
}

/** The head of a backup. Throws {@link BackupUnreadable} when these rows are none that we can restore. */
export function decodeHead(line: string): BackupHead {
  const head = parse(line) as Partial<BackupHead>
  if (head.format !== 'extended-pastebin-backup') throw new BackupUnreadable('this is no backup')
  if (head.version !== 1) throw new BackupUnreadable(`a backup of version ${head.version} needs a newer programme`)
  return head as BackupHead
}

function parse(line: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(line)
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>
  } catch {}
  throw new BackupUnreadable('a line is no JSON object')
}
