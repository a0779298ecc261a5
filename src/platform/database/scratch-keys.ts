import { DatabaseSync } from 'node:sqlite'

/** One entry of a {@link ScratchKeys}: a key, a size in bytes, a time in epoch ms. */
export type ScratchKey = { key: string; sizeBytes: number; modifiedAt: number }

/** More keys than memory should hold, for as long as one comparison takes. Nothing in it is durable. */
export type ScratchKeys = {
  /** Adds entries, unmarked; one that is there already is replaced. */
  add(entries: readonly ScratchKey[]): void
  /** Marks those of the keys that are here, and gives the others. */
  mark(keys: readonly string[]): string[]
  /** The size of the entry of a key; undefined where there is none. */
  sizeOf(key: string): number | undefined
  /** Entries that were never marked and are from before `modifiedBefore`, by key, beginning after `after`. */
  unmarked(modifiedBefore: number, after: string, limit: number): ScratchKey[]
  /** How many entries there are, how many of them are marked, and how many {@link ScratchKeys.unmarked} gives in all. */
  count(modifiedBefore: number): { entries: number; marked: number; unmarked: number }
  /** Frees the memory and the file. */
  close(): void
}

/**
 * An index in a private SQLite database: in memory while it is small, in an unnamed temporary file beyond (in the
 * folder that `SQLITE_TMPDIR` or `TMPDIR` names), which the kernel removes with the process. A million keys of 27
 * characters take some 5 s and 80 MiB of that file.
 */
export function createScratchKeys(): ScratchKeys {
  const database = new DatabaseSync('')
  database.exec(`
    pragma journal_mode = off;
    pragma synchronous = off;
    create table entries (
      key text primary key, size_bytes integer, modified_at integer, marked integer default 0
    ) without rowid;
  `)
  const insert = database.prepare('insert or replace into entries (key, size_bytes, modified_at) values (?, ?, ?)')
  const mark = database.prepare('update entries set marked = 1 where key = ?')
  const size = database.prepare('select size_bytes as sizeBytes from entries where key = ?')
  const page = database.prepare(`
    select key, size_bytes as sizeBytes, modified_at as modifiedAt from entries
    where marked = 0 and modified_at < ? and key > ? order by key limit ?
  `)
  const count = database.prepare(`
    select count(*) as entries, total(marked) as marked, total(marked = 0 and modified_at < ?) as unmarked from entries
  `)
  // Without a journal there is nothing to roll back to; a failure ends the whole comparison.
  const together = (work: () => void) => {
    database.exec('begin')
    work()
    database.exec('commit')
  }
  return {
    add: (entries) =>
      together(() => {
        for (const { key, sizeBytes, modifiedAt } of entries) insert.run(key, sizeBytes, modifiedAt)
      }),
    mark(keys) {
      const absent: string[] = []
      together(() => {
        for (const key of keys) if (mark.run(key).changes === 0) absent.push(key)
      })
      return absent
    },
    sizeOf: (key) => (size.get(key) as { sizeBytes: number } | undefined)?.sizeBytes,
    unmarked: (modifiedBefore, after, limit) => page.all(modifiedBefore, after, limit) as ScratchKey[],
    count: (modifiedBefore) => count.get(modifiedBefore) as { entries: number; marked: number; unmarked: number },
    close: () => database.close(),
  }
}
