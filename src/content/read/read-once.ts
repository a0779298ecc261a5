import type { CountDamage } from '../../core/index.ts'
import { decodeFrameSums, decodeFrameTable, type StoredContent } from '../format/index.ts'
import { readChecked, soundFrames, type Zstd } from '../frames/index.ts'
import type { ObjectStore } from '../stores/index.ts'

/** The fields of a stored content that reading takes. */
export type Readable = Pick<
  StoredContent,
  'encoding' | 'sizeBytes' | 'storedBytes' | 'lines' | 'frames' | 'frameSums' | 'body' | 'objectKey'
>

/**
 * A whole content, frame by frame, past the cache, because it will not be read again. Fetches the next frame while one
 * is used; each is checked. Fails with `blob_missing` or `storage_unavailable`, in the middle too.
 */
export async function* readOnce(
  stored: Readable,
  { store, zstd, countDamage }: { store: ObjectStore; zstd: Zstd; countDamage: CountDamage },
): AsyncGenerator<Buffer, void, void> {
  const { body, objectKey, encoding } = stored
  const frames = decodeFrameTable(stored)
  const sums = decodeFrameSums(stored, frames.length)
  const load = async (index: number): Promise<Buffer> => {
    const { storedOffset, storedBytes, contentBytes } = frames[index] as (typeof frames)[0]
    if (objectKey === null && body === null) throw new TypeError('a content has either a body or an object key')
    const isSound = soundFrames(frames, sums, { first: index, last: index })
    const bytes =
      objectKey === null
        ? (body as Buffer).subarray(storedOffset, storedOffset + storedBytes)
        : await readChecked(() => store.read(objectKey, storedOffset, storedBytes), isSound, countDamage)
    return encoding === 'zstd' ? zstd.decompress(bytes, contentBytes) : bytes
  }
  let coming: Promise<Buffer> | undefined = load(0)
  for (const index of frames.keys()) {
    const bytes = (await coming) as Buffer
    coming = index + 1 < frames.length ? load(index + 1) : undefined
    // Its failure is unobserved if the reader leaves now.
    coming?.catch(() => {})
    yield bytes
  }
}
