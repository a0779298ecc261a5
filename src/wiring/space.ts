import { inBackground } from '../core/index.ts'
import { countStoredBytes, type Space } from '../paste/index.ts'
import { createDiskSpace, type DiskSpace, storageFull } from '../platform/index.ts'
import type { Config } from '../settings/index.ts'
import type { Backends } from './backends.ts'

const COUNT_MS = 10_000
/** A count that takes long is made less often. */
const COUNT_SHARE = 20

/** The disk of the data folder. */
export function openDisk({ dataDir: folder, minFreeBytes }: Config, reusable?: () => number): DiskSpace {
  return createDiskSpace({ folder, minFreeBytes, nowMs: () => performance.now(), ...(reusable && { reusable }) })
}

/** The room for new content: on the disk of the data folder, and within `MAX_STORED_BYTES`. */
export function openSpace({ maxStoredBytes }: Config, { disk, database }: Backends): Space | undefined {
  if (maxStoredBytes === undefined) return disk
  const stored = createCount(() => countStoredBytes(database.db))
  return {
    refuse(bytes = 0) {
      disk?.refuse(bytes)
      if (stored() + bytes >= maxStoredBytes) throw storageFull()
    },
  }
}

/** The last result of a count, which is made again by who asks once it is old; 0 until the first has ended. */
function createCount(count: () => Promise<number>): () => number {
  let last = 0
  let nextAt = Number.NEGATIVE_INFINITY
  const refresh = async () => {
    const startedAt = performance.now()
    nextAt = Number.POSITIVE_INFINITY
    last = await count().catch(() => last)
    const endedAt = performance.now()
    nextAt = endedAt + Math.max(COUNT_MS, COUNT_SHARE * (endedAt - startedAt))
  }
  inBackground(refresh)
  return () => {
    if (performance.now() >= nextAt) inBackground(refresh)
    return last
  }
}
