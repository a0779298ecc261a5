import { existsSync, lstatSync, mkdirSync } from 'node:fs'
import { enableCompileCache } from 'node:module'
import { join } from 'node:path'

const OTHERS_WRITE = 0o022
const OTHERS = 0o077

/**
 * Keeps compiled code in a folder of the data folder that no other user can write. A cache entry runs as this process,
 * so a folder that another user owns or can change is not used, and code is compiled at every start. Gives the folder
 * in use.
 */
export function keepCompiledCode(dataFolder: string): string | undefined {
  const folder = join(dataFolder, 'compiled')
  try {
    // Only these two: with `recursive`, Node never returns for some paths below /proc.
    for (const made of [dataFolder, folder]) if (!existsSync(made)) mkdirSync(made, { mode: 0o700 })
    if (!isOurs(dataFolder, OTHERS_WRITE) || !isOurs(folder, OTHERS)) return undefined
  } catch {
    // A replica with a database and a store has no data folder, or a read-only one.
    return undefined
  }
  return enableCompileCache(folder).directory
}

/** Whether `folder` is a folder of this process's user that nobody else has the `forbidden` rights to. */
function isOurs(folder: string, forbidden: number): boolean {
  const { uid, mode } = lstatSync(folder)
  return (mode & 0o170000) === 0o040000 && uid === process.geteuid?.() && (mode & forbidden) === 0
}
