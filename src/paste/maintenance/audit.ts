import type { Kysely } from 'kysely'
import type { ObjectStore } from '../../content/index.ts'
import { type Clock, isAppError } from '../../core/index.ts'
import type { PasteTables } from '../rows/index.ts'
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

/** An object as the store lists it. */
export type ListedObject = { key: string; sizeBytes: number; modifiedAt: number }

/** Where the keys of all objects are kept meanwhile: more than memory should hold. */
export type KeyIndex = {
  add(entries: readonly ListedObject[]): void
  /** Marks those of the keys that are in it, and gives the others. */
  mark(keys: readonly string[]): string[]
  /** Entries that were never marked, from before a time, by key, beginning after `after`. */
  unmarked(modifiedBefore: number, after: string, limit: number): ListedObject[]
  count(modifiedBefore: number): { marked: number; unmarked: number }
}

/** What the comparison works on. */
export type AuditDeps = { db: Kysely<PasteTables>; store: ObjectStore; index: KeyIndex; clock: Clock }

/** How the comparison is done. */
export type AuditOptions = {
  /** Removes unknown objects and unfinished uploads. */
  repair: boolean
  /** Removes unknown objects even where they outnumber the known ones. */
  force: boolean
  /** Hears of each finding, before it is removed. */
  onFinding(finding: Finding): void
}

const PAGE = 500
/** Far longer than a request may take: what is older belongs to no upload under way. */
export const SETTLED_MS = 3_600_000

/**
 * Compares objects with rows while the service runs, page by page, without ever writing to a row. An object is listed
 * first and looked for in the rows later: since a row names an object from before its first byte until after its
 * removal, one that no row names then is nobody's. What is found is looked at a second time before it is reported, and
 * nothing younger than {@link SETTLED_MS} is. Throws what the database and the store throw; it can be repeated.
 */
export async function auditPastes(deps: AuditDeps, options: AuditOptions): Promise<AuditReport> {
  const report = emptyReport()
  const before = deps.clock.now() - SETTLED_MS
  const tell = (finding: Finding) => {
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
      if (key !== null && absent.has(key) && (await isMissing(deps, row.slug, key)))
        tell({ type: 'missing', slug: row.slug, key })
    }
  }
  await unknownObjects(deps, options, before, report, tell)
  for await (const write of deps.store.listUnfinished()) {
    if (ownKeys([write]).foreign > 0) report.foreign++
    else if (write.startedAt < before) {
      tell({ type: 'unfinished', key: write.key, startedAt: write.startedAt })
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
  tell: (finding: Finding) => void,
): Promise<void> {
  if (index.count(before).unmarked === 0) return
  for await (const rows of keyPages(db)) index.mark(rows.flatMap(keysOf))
  report.refused = options.repair && !options.force && !mayRemove(index.count(before))
  for (let after = ''; ; ) {
    const page = index.unmarked(before, after, PAGE)
    for (const object of page) {
      // Its row may have had it removed, and forgotten it, since it was listed.
      if (!(await exists(store, object.key))) continue
      tell({ type: 'unknown', ...object })
      if (!options.repair || report.refused) continue
      await store.remove(object.key)
      report.removed++
    }
    const last = page.at(-1)
    if (last === undefined || page.length < PAGE) return
    after = last.key
  }
}

/** The second look at a paste without its object: it may have been edited, or have ended, since it was read. */
async function isMissing({ db, store }: AuditDeps, slug: string, key: string): Promise<boolean> {
  const gone = !(await exists(store, key))
  const row = await db.selectFrom('pastes').select(['state', 'object_key']).where('slug', '=', slug).executeTakeFirst()
  return gone && row !== undefined && neededKey(row) === key
}

async function exists(store: ObjectStore, key: string): Promise<boolean> {
  try {
    // No object is empty: it ends with its frame table.
    await store.read(key, 0, 1)
    return true
  } catch (error) {
    if (isAppError(error, 'blob_missing')) return false
    throw error
  }
}

/** All rows by slug, 500 at a time; each is seen once, with the keys that it has at that moment. */
function keyPages(db: Kysely<PasteTables>): AsyncGenerator<KeyColumns[]> {
  const columns = ['slug', 'state', 'object_key', 'pending_key', 'garbage'] as const
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
