import { DamagedContent } from '../../core/index.ts'
import type { StoredContent } from './stored.ts'

const VERSION = 1
// Enough to tell the keys of one row's objects apart: 47 random bits.
const KEY_BYTES = 8
const HEADER_BYTES = 1 + KEY_BYTES
const SUM_BYTES = 4

/**
 * Encodes the checksums of an object's frames: a version byte, the first 8 letters of the object's key, then for each
 * frame the CRC-32 (zlib's, RFC 1952 section 8) of its stored bytes, little-endian. The key binds them to the object: the
 * former release replaces the object of a row and leaves this column as it is.
 */
export function encodeFrameSums(objectKey: string, sums: readonly number[]): Buffer {
  const bytes = Buffer.alloc(HEADER_BYTES + sums.length * SUM_BYTES)
  bytes[0] = VERSION
  bytes.write(objectKey.slice(0, KEY_BYTES), 1, 'latin1')
  for (const [index, sum] of sums.entries()) bytes.writeUInt32LE(sum, HEADER_BYTES + index * SUM_BYTES)
  return bytes
}

/**
 * The checksum of each of `frameCount` frames; undefined when there are none for this object. Throws
 * {@link DamagedContent} when their number is wrong.
 */
export function decodeFrameSums(
  { frameSums, objectKey }: Pick<StoredContent, 'frameSums' | 'objectKey'>,
  frameCount: number,
): number[] | undefined {
  if (frameSums === null || objectKey === null || frameSums[0] !== VERSION) return undefined
  if (frameSums.toString('latin1', 1, HEADER_BYTES) !== objectKey.slice(0, KEY_BYTES)) return undefined
  if (frameSums.length !== HEADER_BYTES + frameCount * SUM_BYTES)
    throw new DamagedContent('The checksums of this paste are damaged.')
  return Array.from({ length: frameCount }, (_, index) => frameSums.readUInt32LE(HEADER_BYTES + index * SUM_BYTES))
}
