import type { Readable } from '../../content/index.ts'

/** Last parts below this size are merged into the next one, so that many small requests leave few parts. */
export const SMALL_PART_BYTES = 1_048_576

/**
 * The last parts that a new piece of `pieceBytes` is stored together with: the tail that lies in the row, which costs no
 * object, and then each part that is no larger than what is merged so far. So every byte is stored again a few times at
 * most, as in a binary counter, however small the pieces are.
 */
export function mergedParts<Part extends Pick<Readable, 'sizeBytes' | 'objectKey'>>(
  parts: readonly Part[],
  pieceBytes: number,
): Part[] {
  let from = parts.length
  for (let merged = pieceBytes; from > 0; from--) {
    const { sizeBytes, objectKey } = parts[from - 1] as Part
    if (sizeBytes >= SMALL_PART_BYTES || (objectKey !== null && sizeBytes > merged)) break
    merged += sizeBytes
  }
  return parts.slice(from)
}
