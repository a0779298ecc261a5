import { LRUCache } from 'lru-cache'
import { AppError } from '../../core/index.ts'
import { countUnitNewlines, type Unit, unitNewline } from '../charset/index.ts'

/** Finds lines inside decoded frames, and caches where each frame's newlines lie. */
export type LineIndex = {
  /**
   * Offset in `content` behind its `count`th newline (`count` from 1). `name` is unique to the frame, for ever. Throws
   * `storage_unavailable` when there are fewer newlines.
   */
  afterNewline(name: string, content: Buffer, count: number, unit: Unit): number
}

const BLOCK_BYTES = 4096
const REMEMBERED_FRAMES = 1024

/**
 * An empty index. The first lookup in a frame counts all of it (0.3 ms) and keeps 1 KiB; the next ones then take
 * microseconds, however many lines the frame has.
 */
export function createLineIndex(): LineIndex {
  const known = new LRUCache<string, Uint32Array>({ max: REMEMBERED_FRAMES })
  return {
    afterNewline(name, content, count, unit) {
      let newlinesBefore = known.get(name)
      if (newlinesBefore === undefined) {
        newlinesBefore = countBlocks(content, unit)
        known.set(name, newlinesBefore)
      }
      const block = lastBelow(newlinesBefore, count)
      let missing = count - (newlinesBefore[block] as number)
      let at = block * BLOCK_BYTES
      for (; missing > 0 && at >= 0; missing--) at = unitNewline(content, unit, at)
      if (at >= 0) return at
      throw new AppError('storage_unavailable', { detail: 'The line numbers of this paste are damaged.' })
    },
  }
}

/** For each block, the newlines before it. */
function countBlocks(content: Buffer, unit: Unit): Uint32Array {
  const newlinesBefore = new Uint32Array(Math.ceil(content.length / BLOCK_BYTES))
  let newlines = 0
  for (let block = 0; block < newlinesBefore.length; block++) {
    newlinesBefore[block] = newlines
    newlines += countUnitNewlines(content.subarray(block * BLOCK_BYTES, (block + 1) * BLOCK_BYTES), unit)
  }
  return newlinesBefore
}

/** Index of the last number below `bound`, by halving; the first is always 0, and `bound` at least 1. */
function lastBelow(ascending: Uint32Array, bound: number): number {
  let low = 0
  let high = ascending.length
  while (high - low > 1) {
    const middle = (low + high) >>> 1
    if ((ascending[middle] as number) < bound) low = middle
    else high = middle
  }
  return low
}
