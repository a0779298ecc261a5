import { DatabaseSync } from 'node:sqlite'

/**
 * WAL so that readers and the writer don't wait for each other, FULL so that a commit survives a power cut. The log
 * moves into the file every 16 MiB instead of every 4: fewer, longer pauses, and a checkpoint in idle moments takes them.
 */
const PRAGMAS = `
  pragma journal_mode = wal;
  pragma journal_size_limit = 67108864;
  pragma temp_store = memory;
  pragma mmap_size = 0;
`

/** Which file, whether what is committed has to survive a power cut, and after how many pages the log moves into it. */
export type SqliteFile = { path: string; durable: boolean; logPages?: number | undefined }

/** Opens (or makes) a SQLite file with our settings and `cacheKib` of its pages in memory; throws as `node:sqlite` does. */
export function openSqliteFile({ path, durable, logPages = 4_096 }: SqliteFile, cacheKib: number): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: 5_000, enableForeignKeyConstraints: false })
  try {
    database.exec(PRAGMAS)
    database.exec(`pragma wal_autocheckpoint = ${logPages}`)
    database.exec(`pragma synchronous = ${durable ? 'full' : 'off'}; pragma cache_size = -${cacheKib}`)
    return database
  } catch (error) {
    database.close()
    throw error
  }
}
