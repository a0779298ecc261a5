import { copyObject, type ObjectStore, objectBytes, readVerified } from '../../content/index.ts'
import { DamagedContent, isAppError } from '../../core/index.ts'
import { NO_CONTENT, type PasteRow, TOMBSTONE_MS, toPaste } from '../rows/index.ts'
import { storedIn } from './stored-in.ts'

/** Where objects come from and go to. */
export type ObjectPlace = {
  from: Pick<ObjectStore, 'read'>
  to: Pick<ObjectStore, 'read' | 'create'>
  /** Reads and compares objects only. */
  dryRun: boolean
  /** Reads objects that are there whole, rather than to look whether they have their last byte. */
  verify: boolean
}

/** The content of a row of the backup, compared with its hash and, if it is an object, copied; or why not. */
export async function putObject(row: PasteRow, place: ObjectPlace): Promise<'missing' | 'damaged' | undefined> {
  try {
    if (row.object_key !== null && !place.dryRun) await copyObject(storedIn(row, row.object_key), place.from, place.to)
    else for await (const _ of readVerified(toPaste(row).content, place.from));
    return undefined
  } catch (error) {
    if (error instanceof DamagedContent) return 'damaged'
    if (isAppError(error, 'blob_missing')) return 'missing'
    throw error
  }
}

/**
 * Puts the object of a live row back where the store lacks it, has a part of it, or (`verify`) other bytes. Keys are never used twice, so equal
 * keys are equal contents. `lost`: it is missing, and the backup has another version of the paste.
 */
export async function putObjectBack(
  found: PasteRow,
  row: PasteRow,
  place: ObjectPlace,
): Promise<'there' | 'put' | 'lost' | 'missing' | 'damaged'> {
  const key = found.state === 'live' ? found.object_key : null
  if (key === null || (await isWhole(found, key, place))) return 'there'
  if (row.state !== 'live' || row.object_key !== key) return 'lost'
  return (await putObject(row, place)) ?? 'put'
}

/** The tombstone of a paste that counts as read: its claim may have come after the backup. */
export function burned(row: PasteRow, now: number): PasteRow {
  const ended = { state: 'ended', end_reason: 'burned', ended_at: now, listed_at: null } as const
  return { ...row, ...NO_CONTENT, ...ended, purge_at: now + TOMBSTONE_MS, title: null, file_name: null }
}

async function isWhole(row: PasteRow, key: string, { to, verify }: ObjectPlace): Promise<boolean> {
  const stored = storedIn(row, key)
  try {
    if (verify) for await (const _ of readVerified(stored, to));
    await to.read(key, objectBytes(stored) - 1, 1)
    return true
  } catch (error) {
    if (error instanceof DamagedContent || isAppError(error, 'blob_missing')) return false
    throw error
  }
}
