import { DamagedContent } from '../../core/index.ts'
import { decodeFrameTable, encodeTrailer, type StoredContent } from '../format/index.ts'
import type { ObjectStore } from '../stores/index.ts'
import { readVerified } from './read-verified.ts'

/**
 * Copies the object of a content from one store to another, under the same key, with its trailer rebuilt from the row's
 * frame table. Holds 1 MiB at a time. Nothing is visible in `to` before all of it is durable and has the row's SHA-256;
 * wrong bytes are read again once. Throws `blob_missing` when `from` has no such object, DamagedContent, and what the
 * stores throw.
 */
export async function copyObject(
  stored: StoredContent & { objectKey: string },
  from: Pick<ObjectStore, 'read'>,
  to: Pick<ObjectStore, 'create'>,
): Promise<void> {
  try {
    await copyOnce(stored, from, to)
  } catch (error) {
    if (!(error instanceof DamagedContent)) throw error
    await copyOnce(stored, from, to)
  }
}

/** Bytes of the object of a content, its trailer included. */
export function objectBytes(stored: StoredContent): number {
  return stored.storedBytes + trailerOf(stored).length
}

async function copyOnce(
  stored: StoredContent & { objectKey: string },
  from: Pick<ObjectStore, 'read'>,
  to: Pick<ObjectStore, 'create'>,
): Promise<void> {
  const trailer = trailerOf(stored)
  const writer = to.create(stored.objectKey)
  try {
    for await (const bytes of readVerified(stored, from)) await writer.write(bytes)
    if (trailer.length > 0) await writer.write(trailer)
    await writer.commit(stored.storedBytes + trailer.length)
  } catch (error) {
    await writer.abort()
    throw error
  }
}

function trailerOf(stored: StoredContent): Buffer {
  return stored.encoding === 'zstd' ? encodeTrailer(decodeFrameTable(stored), stored.lines) : Buffer.alloc(0)
}
