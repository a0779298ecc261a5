import { chmodSync, closeSync, fchmodSync, openSync } from 'node:fs'

const PRIVATE = 0o600

/**
 * Makes a database file that only its owner can read, or takes the rights of others from one that is there, from its
 * log and from its index too. SQLite gives a new log and index the rights of the file. What belongs to another user
 * stays as it is. Runs before SQLite opens the file in this process, since closing it would end SQLite's POSIX locks.
 * Throws as `node:fs` does when the file can't be made.
 */
export function makePrivateFile(path: string): void {
  if (path === '' || path === ':memory:') return
  const file = openSync(path, 'a', PRIVATE)
  try {
    ifOurs(() => fchmodSync(file, PRIVATE))
  } finally {
    closeSync(file)
  }
  for (const beside of [`${path}-wal`, `${path}-shm`]) ifOurs(() => chmodSync(beside, PRIVATE))
}

function ifOurs(change: () => void): void {
  try {
    change()
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'EPERM' && code !== 'ENOENT') throw error
  }
}
