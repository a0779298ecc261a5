import { AppError } from '../core/index.ts'
import type { FrameSource } from './frame-source.ts'
import { countNewlines } from './lines.ts'
import type { StoredContent } from './stored.ts'

/** Where some lines lie in a content: bytes [start, end), lines first to last (from 1, inclusive). */
export type LineRange = { start: number; end: number; first: number; last: number }

const NEWLINE = 0x0a
const BLOCK_BYTES = 4096

/**
 * The bytes of lines `first` to `last` (from 1, inclusive; `Infinity` is the last line), line ends included. Undefined
 * when the content has no line `first`, or `last` lies before it. Decodes at most the two frames where they begin and
 * end.
 */
export async function findLines(
  open: (content: StoredContent) => FrameSource,
  stored: StoredContent,
  first: number,
  last: number,
  signal?: AbortSignal,
): Promise<LineRange | undefined> {
  const lastThere = Math.min(last, stored.lines)
  if (first < 1 || lastThere < first) return undefined
  const source = open(stored)
  const offsetOf = async (line: number): Promise<number> => {
    if (line === 1) return 0
    if (line > stored.lines) return stored.sizeBytes
    // The line begins behind a newline of the last frame that still begins with an earlier line.
    const index = source.frames.findLastIndex((frame) => frame.firstLine < line)
    const { firstLine, contentOffset } = source.frames[index] as (typeof source.frames)[0]
    return contentOffset + afterNewline(await source.content(index, signal), line - firstLine)
  }
  return { start: await offsetOf(first), end: await offsetOf(lastThere + 1), first, last: lastThere }
}

/** Offset behind the `count`th newline; whole blocks are counted first, so that empty lines cost no more than others. */
function afterNewline(content: Buffer, count: number): number {
  let missing = count
  for (let block = 0; block < content.length; block += BLOCK_BYTES) {
    const newlines = countNewlines(content.subarray(block, block + BLOCK_BYTES))
    if (newlines < missing) {
      missing -= newlines
      continue
    }
    let at = block - 1
    for (; missing > 0; missing--) at = content.indexOf(NEWLINE, at + 1)
    return at + 1
  }
  throw new AppError('storage_unavailable', { detail: 'The line numbers of this paste are damaged.' })
}
