import { decodeFrameTable, encodeTrailer, type StoredContent } from '../format/index.ts'
import type { ObjectStore } from '../stores/index.ts'

const CHUNK_BYTES = 1_048_576

/**
 * Copies the object of a content from one store to another, under the same key, with its trailer rebuilt from the
 * row's frame table. Holds 1 MiB at a time. Nothing is visible in `to` before all of it is durable. Throws
 * `blob_missing` when `from` has no such object, and what the stores throw.
 */
export async function copyObject(
  stored: StoredContent & { objectKey: string },
  from: ObjectStore,
  to: ObjectStore,
): Promise<void> {
  const { objectKey, storedBytes, lines } = stored
  const trailer = stored.encoding === 'zstd' ? encodeTrailer(decodeFrameTable(stored), lines) : Buffer.alloc(0)
  const writer = to.create(objectKey)
  try {
    for (let offset = 0; offset < storedBytes; offset += CHUNK_BYTES)
      await writer.write(await from.read(objectKey, offset, Math.min(CHUNK_BYTES, storedBytes - offset)))
    if (trailer.length > 0) await writer.write(trailer)
    await writer.commit(storedBytes + trailer.length)
  } catch (error) {
    await writer.abort()
    throw error
  }
}
