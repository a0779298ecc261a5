import { access, constants, type FileHandle, mkdir, open, opendir, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError, DamagedContent, withTimeout } from '../../core/index.ts'
import { diskError } from './disk-errors.ts'
import { createDiskWriter, syncFolder } from './disk-writer.ts'
import type { ObjectStore } from './store.ts'

const CHECK_MS = 3_000
const FOLDER_MODE = 0o700

/**
 * Objects as files, `<folder>/<first two characters of the key>/<key>`; those being written in `<folder>/unfinished`,
 * which lies in the same file system, so that a rename publishes them whole. One process per folder: `prepare()`
 * removes the unfinished writes of an earlier one.
 */
export function createDiskStore(folder: string): ObjectStore {
  const unfinished = join(folder, 'unfinished')
  const shardOf = (key: string) => join(folder, key.slice(0, 2))
  const pathOf = (key: string) => join(shardOf(key), key)
  const shards = new Map<string, Promise<void>>()
  // Also for an existing folder: its maker may have crashed before it was durable.
  const makeShard = (shard: string): Promise<void> => {
    const made =
      shards.get(shard) ?? mkdir(shard, { recursive: true, mode: FOLDER_MODE }).then(() => syncFolder(folder))
    shards.set(shard, made)
    made.catch(() => shards.delete(shard))
    return made
  }
  const guarded = async <Value>(work: () => Promise<Value>): Promise<Value> => {
    try {
      return await work()
    } catch (error) {
      throw diskError(error)
    }
  }
  return {
    name: 'disk',
    create(key) {
      const shard = shardOf(key)
      return createDiskWriter({
        draft: join(unfinished, key),
        path: join(shard, key),
        folder: shard,
        makeFolder: () => makeShard(shard),
      })
    },
    async read(key, offset, length, signal) {
      signal?.throwIfAborted()
      try {
        await using file = await open(pathOf(key))
        return await readExactly(file, offset, length)
      } catch (error) {
        throw diskError(error, 'blob_missing')
      }
    },
    remove: (key) =>
      guarded(async () => {
        await rm(join(unfinished, key), { force: true })
        await rm(pathOf(key), { force: true })
      }),
    async *list() {
      for (const shard of await guarded(() => readdir(folder))) {
        if (shard.length !== 2) continue
        for await (const { name: key } of await guarded(() => opendir(join(folder, shard)))) {
          const file = await stat(pathOf(key)).catch(() => undefined)
          if (file?.isFile()) yield { key, sizeBytes: file.size, modifiedAt: Math.trunc(file.mtimeMs) }
        }
      }
    },
    async *listUnfinished() {
      for (const key of await guarded(() => readdir(unfinished))) {
        const draft = join(unfinished, key)
        const file = await stat(draft).catch(() => undefined)
        const discard = () => guarded(() => rm(draft, { force: true }))
        if (file?.isFile()) yield { key, startedAt: Math.trunc(file.mtimeMs), discard }
      }
    },
    prepare: () =>
      guarded(async () => {
        await rm(unfinished, { recursive: true, force: true })
        await mkdir(unfinished, { recursive: true, mode: FOLDER_MODE })
      }),
    // A network file system that hangs must not hang the health check.
    check: async () => {
      const permitted = access(unfinished, constants.R_OK | constants.W_OK)
      await withTimeout(permitted, CHECK_MS).catch((cause: unknown) => {
        throw new AppError('storage_unavailable', { cause })
      })
    },
    close: async () => {},
  }
}

async function readExactly(file: FileHandle, offset: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafeSlow(length)
  for (let done = 0; done < length; ) {
    const { bytesRead } = await file.read(buffer, done, length - done, offset + done)
    if (bytesRead === 0) throw new DamagedContent('An object is shorter than it should be.')
    done += bytesRead
  }
  return buffer
}
