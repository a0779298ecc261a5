import { join } from 'node:path'
import { createDiskStore, type ObjectStore } from '../../content/index.ts'
import { createScratchKeys } from '../../platform/index.ts'
import { type Generation, keysOf, removeGeneration } from './generations.ts'

const PAGE = 500

/** The objects of all generations of a backup folder. */
export type BackupObjects = {
  store: ObjectStore
  /** Whether the folder has an object of this key and size; it then belongs to the new generation too. */
  holds(key: string, sizeBytes: number): boolean
  /** The keys of the new generation, one a line. */
  keys(): string
  close(): Promise<void>
}

/** Opens the objects of a folder; `add` is called with each key that a generation takes over. */
export async function openObjects(folder: string): Promise<BackupObjects> {
  const store = createDiskStore(join(folder, 'objects'))
  await store.prepare()
  const there = createScratchKeys()
  for await (const entry of store.list()) there.add([entry])
  const keys: string[] = []
  return {
    store: {
      ...store,
      create(key) {
        const writer = store.create(key)
        return {
          ...writer,
          async commit(sizeBytes) {
            await writer.commit(sizeBytes)
            keys.push(key)
          },
        }
      },
    },
    holds(key, sizeBytes) {
      if (there.sizeOf(key) !== sizeBytes) return false
      keys.push(key)
      return true
    },
    keys: () => keys.join('\n'),
    async close() {
      there.close()
      await store.close()
    },
  }
}

/** Removes all generations but the newest `keep`, and then the objects that none has any more; gives both numbers. */
export async function prune(
  generations: readonly Generation[],
  keep: number,
  store: ObjectStore,
): Promise<{ generations: number; objects: number }> {
  const old = generations.slice(0, Math.max(generations.length - keep, 0))
  for (const generation of old) await removeGeneration(generation)
  const index = createScratchKeys()
  try {
    for await (const entry of store.list()) index.add([entry])
    for (const generation of generations.slice(old.length)) index.mark(await keysOf(generation))
    let objects = 0
    for (let after = ''; ; ) {
      const page = index.unmarked(Number.MAX_SAFE_INTEGER, after, PAGE)
      for (const { key } of page) await store.remove(key)
      objects += page.length
      const last = page.at(-1)
      if (last === undefined) return { generations: old.length, objects }
      after = last.key
    }
  } finally {
    index.close()
  }
}
