import { decodeFrameTable, type Frame, type StoredContent } from '../format/index.ts'
import type { Zstd } from '../frames/index.ts'
import type { ObjectStore } from '../stores/index.ts'

/** The fields of a stored content that reading takes. */
export type Readable = Pick<
  StoredContent,
  'encoding' | 'sizeBytes' | 'storedBytes' | 'lines' | 'frames' | 'body' | 'objectKey'
>

/**
 * A whole content, frame by frame, past the cache, because it will not be read again. Fetches the next frame while one
 * is used. Fails with `blob_missing` or `storage_unavailable`, in the middle too.
 */
export async function* readOnce(
  stored: Readable,
  { store, zstd }: { store: ObjectStore; zstd: Zstd },
): AsyncGenerator<Buffer, void, void> {
  const { body, objectKey, encoding } = stored
  const load = async (frame: Frame): Promise<Buffer> => {
    const { storedOffset, storedBytes, contentBytes } = frame
    if (objectKey === null && body === null) throw new TypeError('a content has either a body or an object key')
    const bytes =
      objectKey === null
        ? (body as Buffer).subarray(storedOffset, storedOffset + storedBytes)
        : await store.read(objectKey, storedOffset, storedBytes)
    return encoding === 'zstd' ? zstd.decompress(bytes, contentBytes) : bytes
  }
  const frames = decodeFrameTable(stored)
  let coming = frames[0] && load(frames[0])
  for (const index of frames.keys()) {
    const bytes = (await coming) as Buffer
    const next = frames[index + 1]
    coming = next && load(next)
    // Its failure is unobserved if the reader leaves now.
    coming?.catch(() => {})
    yield bytes
  }
}
