import type { Kysely } from 'kysely'
import { type ObjectStore, readVerified } from '../../content/index.ts'
import { DamagedContent, isAppError } from '../../core/index.ts'
import { type PasteRow, type PasteTables, toPaste } from '../rows/index.ts'
import type { Finding } from './audit-keys.ts'
import { rowPages } from './row-pages.ts'

/** What a verification read so far; `slug` is the last paste of it, after which another run may begin. */
export type VerifyReport = { pastes: number; bytes: number; found: number; slug: string }

/** Options of a verification. */
export type VerifyOptions = {
  /** Begins with the first slug after this one; empty: with the first of all. */
  after: string
  onFinding(finding: Finding): void
  /** Called after each paste. */
  onProgress(report: VerifyReport): void
  /** Waits as long as keeps the rate after so many more bytes. */
  pace(bytes: number): Promise<void>
}

const PAGE = 100

/**
 * Reads the content of every live paste whole and compares it with its checksums and its hash; never writes. A finding is
 * looked at twice, since a paste may change or end meanwhile. Throws errors of the database, and of a store that is away.
 */
export async function verifyPastes(
  { db, store }: { db: Kysely<PasteTables>; store: Pick<ObjectStore, 'read'> },
  { after, onFinding, onProgress, pace }: VerifyOptions,
): Promise<VerifyReport> {
  const report = { pastes: 0, bytes: 0, found: 0, slug: after }
  const rows = db.selectFrom('pastes').selectAll().where('state', '=', 'live').orderBy('slug').limit(PAGE)
  const read = (from: string) => rows.where('slug', '>', from < after ? after : from).execute()
  for await (const page of rowPages(PAGE, read)) {
    for (const listed of page) {
      const finding = await verifyRow(listed, store, pace)
      const isStill = finding && (await current(db, listed))
      if (isStill) {
        report.found++
        onFinding(finding)
      }
      report.pastes++
      report.bytes += listed.stored_bytes
      report.slug = listed.slug
      onProgress(report)
    }
  }
  return report
}

async function verifyRow(
  row: PasteRow,
  store: Pick<ObjectStore, 'read'>,
  pace: VerifyOptions['pace'],
): Promise<Finding | undefined> {
  try {
    for await (const bytes of readVerified(toPaste(row).content, store)) await pace(bytes.length)
    return undefined
  } catch (error) {
    if (error instanceof DamagedContent)
      return { type: 'damaged', slug: row.slug, key: row.object_key, reason: error.message }
    if (isAppError(error, 'blob_missing')) return { type: 'missing', slug: row.slug, key: row.object_key ?? '' }
    throw error
  }
}

/** Whether a paste is live with the same content still. */
async function current(db: Kysely<PasteTables>, { slug, sha256, object_key }: PasteRow): Promise<boolean> {
  const columns = ['state', 'sha256', 'object_key'] as const
  const row = await db.selectFrom('pastes').select(columns).where('slug', '=', slug).executeTakeFirst()
  return row?.state === 'live' && row.sha256 === sha256 && row.object_key === object_key
}
