import { DamagedContent } from '../../core/index.ts'
import type { StoredContent } from './stored.ts'

/** Content bytes of one frame; only the last frame of a body is shorter. */
export const FRAME_BYTES = 1_048_576

/** The largest content there is: 50 frames. No configured limit goes beyond it. */
export const MAX_CONTENT_BYTES = 50 * FRAME_BYTES

/** Where a frame begins. */
export type FrameStart = {
  /** Bytes from the start of the stored body. */
  storedOffset: number
  /** Bytes from the start of the content. */
  contentOffset: number
  /** Number (from 1) of the line that the frame's first byte belongs to: `\n` before the frame, plus one. */
  firstLine: number
}

/** One frame of a body: where it begins, how long it is. */
export type Frame = FrameStart & { storedBytes: number; contentBytes: number }

const VERSION = 1
const MAX_FRAMES = MAX_CONTENT_BYTES / FRAME_BYTES

/**
 * Encodes the starts of all frames (1 to 50, the first at 0, 0, line 1): a version byte, then for each further frame
 * three LEB128 numbers, the differences to the frame before. Empty for a single frame; 450 bytes for 50 MiB.
 */
export function encodeFrameTable(starts: readonly FrameStart[]): Buffer {
  if (starts.length > MAX_FRAMES) throw new RangeError(`a body has at most ${MAX_FRAMES} frames`)
  if (starts.length <= 1) return Buffer.alloc(0)
  const bytes = [VERSION]
  let before = { storedOffset: 0, contentOffset: 0, firstLine: 1 }
  for (const start of starts.slice(1)) {
    pushNumber(bytes, start.storedOffset - before.storedOffset)
    pushNumber(bytes, start.contentOffset - before.contentOffset)
    pushNumber(bytes, start.firstLine - before.firstLine)
    before = start
  }
  return Buffer.from(bytes)
}

/**
 * The frames of a stored body, in order, without gaps, at least one. Throws `storage_unavailable` when the table
 * is damaged: every offset must grow, stay inside the body, and nothing may follow.
 */
export function decodeFrameTable(
  stored: Pick<StoredContent, 'frames' | 'sizeBytes' | 'storedBytes' | 'lines'>,
): Frame[] {
  const { frames: table, sizeBytes, storedBytes, lines } = stored
  const starts: FrameStart[] = [{ storedOffset: 0, contentOffset: 0, firstLine: 1 }]
  if (table.length > 0 && table[0] !== VERSION) throw damaged()
  let position = 1
  const next = (): number => {
    let value = 0
    for (let scale = 1; scale <= 2 ** 28; scale *= 128) {
      const byte = table[position++]
      if (byte === undefined) throw damaged()
      value += (byte & 0x7f) * scale
      if (byte < 0x80) return value
    }
    throw damaged()
  }
  let last = starts[0] as FrameStart
  while (position < table.length) {
    const start = {
      storedOffset: last.storedOffset + next(),
      contentOffset: last.contentOffset + next(),
      firstLine: last.firstLine + next(),
    }
    const grows = start.storedOffset > last.storedOffset && start.contentOffset > last.contentOffset
    const fits = start.storedOffset < storedBytes && start.contentOffset < sizeBytes && start.firstLine <= lines
    if (!grows || !fits || starts.length === MAX_FRAMES) throw damaged()
    starts.push(start)
    last = start
  }
  return starts.map((start, index) => {
    const end = starts[index + 1] ?? { storedOffset: storedBytes, contentOffset: sizeBytes }
    return {
      ...start,
      storedBytes: end.storedOffset - start.storedOffset,
      contentBytes: end.contentOffset - start.contentOffset,
    }
  })
}

function pushNumber(bytes: number[], value: number): void {
  let rest = value
  while (rest >= 0x80) {
    bytes.push((rest % 128) | 0x80)
    rest = Math.floor(rest / 128)
  }
  bytes.push(rest)
}

function damaged(): DamagedContent {
  return new DamagedContent('The frame table of this paste is damaged.')
}
