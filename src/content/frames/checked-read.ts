import { crc32 } from 'node:zlib'
import { type CountDamage, DamagedContent } from '../../core/index.ts'
import type { Frame } from '../format/index.ts'

/** Whether `bytes` are the stored bytes of neighbouring frames; all are where there are no checksums. */
export type IsSound = (bytes: Buffer) => boolean

/** The check of the frames `first` to `last`: 0.3 ms a MiB. `sums` are those of all frames of the object. */
export function soundFrames(
  frames: readonly Frame[],
  sums: readonly number[] | undefined,
  { first, last }: { first: number; last: number },
): IsSound {
  if (sums === undefined) return () => true
  const start = frames[first]?.storedOffset ?? 0
  return (bytes) => {
    for (let index = first; index <= last; index++) {
      const { storedOffset, storedBytes } = frames[index] as Frame
      const from = storedOffset - start
      if (crc32(bytes.subarray(from, from + storedBytes)) !== sums[index]) return false
    }
    return true
  }
}

/**
 * Bytes of the store, checked; asks once more where the first answer is too short or wrong, because a network or a
 * storage node may be at fault. Throws {@link DamagedContent} when the second is wrong too, and what `read` throws.
 */
export async function readChecked(read: () => Promise<Buffer>, isSound: IsSound, count: CountDamage): Promise<Buffer> {
  const bytes = await read().catch(unlessDamaged)
  if (bytes !== undefined && isSound(bytes)) return bytes
  const again = await read().catch((error: unknown) => {
    if (error instanceof DamagedContent) count('refused')
    throw error
  })
  if (isSound(again)) {
    count('mended')
    return again
  }
  count('refused')
  throw new DamagedContent('The store gave bytes of this paste that are not the ones that were stored.')
}

function unlessDamaged(error: unknown): undefined {
  if (!(error instanceof DamagedContent)) throw error
}
