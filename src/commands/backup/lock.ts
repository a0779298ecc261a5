import { access, constants, mkdir } from 'node:fs/promises'
import { lockDataFolder } from '../../platform/index.ts'
import { PRIVATE } from './generations.ts'

/** Holds a backup folder, made if need be, while `work` runs; throws when another backup or restore holds it. */
export async function withFolder<Result>(folder: string, work: () => Promise<Result>): Promise<Result> {
  await mkdir(folder, { recursive: true, mode: PRIVATE })
  const unlock = locked(folder)
  try {
    return await work()
  } finally {
    unlock()
  }
}

/** The same for one who only reads: a folder that can't be written to is not held, as nobody can prune it either. */
export async function withReadFolder<Result>(folder: string, work: () => Promise<Result>): Promise<Result> {
  const isWritable = await access(folder, constants.W_OK).then(
    () => true,
    () => false,
  )
  return isWritable ? withFolder(folder, work) : work()
}

function locked(folder: string): () => void {
  try {
    return lockDataFolder(folder)
  } catch (error) {
    if ((error as Error).name !== 'DataFolderInUse') throw error
    throw new Error(`another backup or restore is at work in ${folder}: wait for it, or name another folder`)
  }
}
