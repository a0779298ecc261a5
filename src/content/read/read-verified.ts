import { createHash } from 'node:crypto'
import { zstdDecompressSync } from 'node:zlib'
import { DamagedContent } from '../../core/index.ts'
import { decodeFrameSums, decodeFrameTable, type StoredContent } from '../format/index.ts'
import { readChecked, soundFrames } from '../frames/index.ts'
import type { ObjectStore } from '../stores/index.ts'

/**
 * The stored bytes of a content, frame by frame, each checked before it is given, and at the end their SHA-256 against
 * the row's. Throws {@link DamagedContent} for wrong bytes, `blob_missing`, and what the store throws. For commands: it
 * decompresses in this thread.
 */
export async function* readVerified(
  stored: StoredContent,
  store: Pick<ObjectStore, 'read'>,
): AsyncGenerator<Buffer, void, void> {
  const { body, objectKey, encoding, sha256 } = stored
  const frames = decodeFrameTable(stored)
  const sums = decodeFrameSums(stored, frames.length)
  const hash = createHash('sha256')
  for (const [index, { storedOffset, storedBytes, contentBytes }] of frames.entries()) {
    const isSound = soundFrames(frames, sums, { first: index, last: index })
    const bytes =
      objectKey === null
        ? (body ?? Buffer.alloc(0)).subarray(storedOffset, storedOffset + storedBytes)
        : await readChecked(
            () => store.read(objectKey, storedOffset, storedBytes),
            isSound,
            () => {},
          )
    hash.update(encoding === 'zstd' ? decompressed(bytes, contentBytes) : bytes)
    yield bytes
  }
  if (hash.digest('hex') !== sha256) throw new DamagedContent('Its bytes do not have the SHA-256 of its row.')
}

function decompressed(frame: Buffer, contentBytes: number): Buffer {
  try {
    const content = zstdDecompressSync(frame, { maxOutputLength: contentBytes })
    if (content.length === contentBytes) return content
  } catch (cause) {
    throw new DamagedContent('One of its frames is damaged.', cause)
  }
  throw new DamagedContent('One of its frames is too short.')
}
