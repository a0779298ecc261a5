import type { FrameSource } from './frame-source.ts'
import type { LineIndex } from './line-index.ts'
import type { StoredContent } from './stored.ts'

/** Where some lines lie in a content: bytes [start, end), lines first to last (from 1, inclusive). */
export type LineRange = { start: number; end: number; first: number; last: number }

/**
 * The bytes of lines `first` to `last` (from 1, inclusive; `Infinity` is the last line), line ends included. Undefined
 * when the content has no line `first`, or `last` lies before it. Decodes at most the two frames where they begin and
 * end.
 */
export async function findLines(
  deps: { open(content: StoredContent): FrameSource; index: LineIndex },
  stored: StoredContent,
  first: number,
  last: number,
  signal?: AbortSignal,
): Promise<LineRange | undefined> {
  const lastThere = Math.min(last, stored.lines)
  if (first < 1 || lastThere < first) return undefined
  const source = deps.open(stored)
  const offsetOf = async (line: number): Promise<number> => {
    if (line === 1) return 0
    if (line > stored.lines) return stored.sizeBytes
    // The line begins behind a newline of the last frame that still begins with an earlier line.
    const frame = source.frames.findLastIndex(({ firstLine }) => firstLine < line)
    const { firstLine, contentOffset } = source.frames[frame] as (typeof source.frames)[0]
    const content = await source.content(frame, signal, 'window')
    return contentOffset + deps.index.afterNewline(source.nameOf(frame), content, line - firstLine)
  }
  const [start, end] = await Promise.all([offsetOf(first), offsetOf(lastThere + 1)])
  return { start, end, first, last: lastThere }
}
