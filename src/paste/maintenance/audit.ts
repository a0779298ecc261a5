import type { Kysely } from 'kysely'
import { type ObjectStore, objectBytes } from '../../content/index.ts'
import { type Clock, DamagedContent, isAppError } from '../../core/index.ts'
import { NO_CONTENT, type PasteRow, type PasteTables } from '../rows/index.ts'
import {
  type AuditReport,
  emptyReport,
  type Finding,
  type KeyColumns,
  keysOf,
  mayRemove,
  neededKey,
  ownKeys,
} from './audit-keys.ts'
import { rowPages } from './row-pages.ts'
import { storedIn } from './stored-in.ts'

/** A listed object. */
export type ListedObject = { key: string; sizeBytes: number; modifiedAt: number }

/** An index of all object keys, which may be too many for memory. */
export type KeyIndex = {
  add(entries: readonly ListedObject[]): void
  /** Marks the keys that the index has and returns the others. */
  mark(keys: readonly string[]): string[]
  /** The size of the object of a key, if the index has it. */
  sizeOf(key: string): number | undefined
  /** Unmarked entries from before a time, ordered by key, beginning after `after`. */
  unmarked(modifiedBefore: number, after: string, limit: number): ListedObject[]
  count(modifiedBefore: number): { marked: number; unmarked: number }
}

/** Dependencies of the audit. */
export type AuditDeps = { db: Kysely<PasteTables>; store: ObjectStore; index: KeyIndex; clock: Clock }

/** Options of the audit. */
export type AuditOptions = {
  /** Removes unknown objects and unfinished uploads. */
  repair: boolean
  /** Removes unknown objects even where they outnumber the known ones. */
  force: boolean
  /** Called for each finding before it is removed. */
  onFinding(finding: Finding): void
}

const PAGE = 500
/** Far longer than a request may take, so anything older belongs to no upload under way. */
export const SETTLED_MS = 3_600_000

/**
 * Compares objects and their sizes with rows, page by page, while the service runs; never writes to a row. Lists objects before it
 * reads rows: a row names its object from before the first byte until after the removal, so an object without a row is
 * an orphan. Checks each finding twice and skips everything younger than {@link SETTLED_MS}. Throws errors of the
 * database and the store; can be repeated.
 */
export async function auditPastes(deps: AuditDeps, options: AuditOptions): Promise<AuditReport> {
  const report = emptyReport()
  const before = deps.clock.now() - SETTLED_MS
  const addFinding = (finding: Finding) => {
    report.found[finding.type]++
    options.onFinding(finding)
  }
  for await (const listed of pagesOf(deps.store.list())) {
    const { own, foreign } = ownKeys(listed)
    deps.index.add(own)
    report.objects += own.length
    report.foreign += foreign
  }
  for await (const rows of keyPages(deps.db)) {
    report.rows += rows.length
    const absent = new Set(deps.index.mark(rows.flatMap(keysOf)))
    for (const row of rows) {
      const key = neededKey(row)
      if (key === null) continue
      if (!absent.has(key)) {
        const reason = wrongSize(row, key, deps.index.sizeOf(key) ?? 0)
        if (reason !== undefined) addFinding({ type: 'damaged', slug: row.slug, key, reason })
      } else if (await isMissing(deps, row.slug, key)) addFinding({ type: 'missing', slug: row.slug, key })
    }
  }
  await unknownObjects(deps, options, before, report, addFinding)
  report.young = deps.index.count(Number.MAX_SAFE_INTEGER).unmarked - deps.index.count(before).unmarked
  for await (const write of deps.store.listUnfinished()) {
    if (ownKeys([write]).foreign > 0) report.foreign++
    else if (write.startedAt < before) {
      addFinding({ type: 'unfinished', key: write.key, startedAt: write.startedAt })
      if (!options.repair) continue
      await write.discard()
      report.removed++
    }
  }
  return report
}

async function unknownObjects(
  { db, store, index }: AuditDeps,
  options: AuditOptions,
  before: number,
  report: AuditReport,
  addFinding: (finding: Finding) => void,
): Promise<void> {
  if (index.count(before).unmarked === 0) return
  for await (const rows of keyPages(db)) index.mark(rows.flatMap(keysOf))
  report.refused = options.repair && !options.force && !mayRemove(index.count(before))
  for (let after = ''; ; ) {
    const page = index.unmarked(before, after, PAGE)
    for (const object of page) {
      // Its row may have removed it since it was listed.
      if (!(await exists(store, object.key))) continue
      addFinding({ type: 'unknown', ...object })
      if (!options.repair || report.refused) continue
      await store.remove(object.key)
      report.removed++
    }
    const last = page.at(-1)
    if (last === undefined || page.length < PAGE) return
    after = last.key
  }
}

/** What is wrong with the size of a row's object. An object never changes, so one look is enough. */
function wrongSize(row: KeyColumns, key: string, sizeBytes: number): string | undefined {
  try {
    const wanted = objectBytes(storedIn({ ...NO_CONTENT, ...row } as PasteRow, key))
    return sizeBytes === wanted ? undefined : `Its object has ${sizeBytes} bytes instead of ${wanted}.`
  } catch (error) {
    if (error instanceof DamagedContent) return error.message
    throw error
  }
}

/** Checks again that a live paste lacks its object: it may have been edited or deleted since its row was read. */
async function isMissing({ db, store }: AuditDeps, slug: string, key: string): Promise<boolean> {
  const gone = !(await exists(store, key))
  const row = await db.selectFrom('pastes').select(['state', 'object_key']).where('slug', '=', slug).executeTakeFirst()
  return gone && row !== undefined && neededKey(row) === key
}

async function exists(store: ObjectStore, key: string): Promise<boolean> {
  try {
    // Every object has at least one byte, because it ends with its frame table.
    await store.read(key, 0, 1)
    return true
  } catch (error) {
    if (isAppError(error, 'blob_missing')) return false
    throw error
  }
}

/** All rows by slug, 500 at a time, with their current keys. */
function keyPages(db: Kysely<PasteTables>): AsyncGenerator<KeyColumns[]> {
  const columns = [
    ...(['slug', 'state', 'object_key', 'pending_key', 'garbage'] as const),
    ...(['encoding', 'size_bytes', 'stored_bytes', 'line_count', 'frames'] as const),
  ]
  const rows = db.selectFrom('pastes').select(columns).orderBy('slug').limit(PAGE)
  return rowPages(PAGE, (after) => rows.where('slug', '>', after).execute())
}

async function* pagesOf<Entry>(entries: AsyncIterable<Entry>): AsyncGenerator<Entry[]> {
  let page: Entry[] = []
  for await (const entry of entries) {
    page.push(entry)
    if (page.length < PAGE) continue
    yield page
    page = []
  }
  yield page
}
