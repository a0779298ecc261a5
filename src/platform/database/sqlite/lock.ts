import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { DataFolderInUse } from './folder-in-use.ts'

/**
 * Takes a data folder (which exists) for this process and gives the function that hands it back. The lock is SQLite's
 * own, held on a small file beside the data: the kernel drops it when the process dies, however it dies. Throws
 * {@link DataFolderInUse} while another holder lives, in this process or another.
 */
export function lockDataFolder(folder: string): () => void {
  const lock = new DatabaseSync(join(folder, 'lock'), { timeout: 0 })
  try {
    // A rollback journal, because under WAL even an exclusive transaction lets others in.
    lock.exec('pragma journal_mode = delete; begin exclusive')
  } catch (error) {
    lock.close()
    if ((error as { errcode?: number }).errcode === SQLITE_BUSY) throw new DataFolderInUse(folder)
    throw error
  }
  return () => lock.close()
}

const SQLITE_BUSY = 5
