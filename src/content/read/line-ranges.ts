import { charsetOf, unitOf } from '../charset/index.ts'
import type { StoredContent } from '../format/index.ts'
import type { FrameSource } from '../frames/index.ts'
import type { LineIndex } from './line-index.ts'

/** Where some lines lie in a content: bytes [start, end), lines first to last (from 1, inclusive). */
export type LineRange = { start: number; end: number; first: number; last: number }

/** Where lines are looked up. */
export type LineDeps = { open(content: StoredContent): FrameSource; index: LineIndex }

/**
 * The bytes of lines `first` to `last` (from 1, inclusive; `Infinity` is the last line), line ends included. Undefined
 * when the content has no line `first`, or `last` lies before it. Decodes at most the two frames where they begin and
 * end.
 */
export async function findLines(
  { open, index }: LineDeps,
  stored: StoredContent,
  first: number,
  last: number,
  signal?: AbortSignal,
): Promise<LineRange | undefined> {
  const lastThere = Math.min(last, stored.lines)
  if (first < 1 || lastThere < first) return undefined
  const source = open(stored)
  const offsetOf = async (line: number): Promise<number> => {
    const frame = frameBefore(source, stored, line)
    if (frame === undefined) return line === 1 ? 0 : stored.sizeBytes
    return offsetIn(source, index, frame, await source.content(frame, signal, 'window'), line, stored)
  }
  const [start, end] = await Promise.all([offsetOf(first), offsetOf(lastThere + 1)])
  return { start, end, first, last: lastThere }
}

/**
 * The lines themselves, at once, when they lie in one frame that is decoded in memory; else undefined. Fetches nothing.
 * Never write to the result.
 */
export function peekLines(
  { open, index }: LineDeps,
  stored: StoredContent,
  first: number,
  last: number,
): Buffer | undefined {
  const lastThere = Math.min(last, stored.lines)
  if (first < 1 || lastThere < first) return undefined
  const source = open(stored)
  const beforeFirst = frameBefore(source, stored, first) ?? 0
  const beforeEnd = frameBefore(source, stored, lastThere + 1) ?? source.frames.length - 1
  if (beforeFirst !== beforeEnd) return undefined
  const content = source.peek(beforeEnd)
  if (content === undefined) return undefined
  const from = (source.frames[beforeEnd] as (typeof source.frames)[0]).contentOffset
  const start = first === 1 ? 0 : offsetIn(source, index, beforeEnd, content, first, stored)
  const end =
    lastThere === stored.lines ? stored.sizeBytes : offsetIn(source, index, beforeEnd, content, lastThere + 1, stored)
  return content.subarray(start - from, end - from)
}

/**
 * Index of the frame in which the line before `line` ends: the last one that still begins with an earlier line.
 * Undefined for the first line and for one behind the last, whose places are known without a look.
 */
function frameBefore({ frames }: FrameSource, { lines }: StoredContent, line: number): number | undefined {
  if (line === 1 || line > lines) return undefined
  return frames.findLastIndex(({ firstLine }) => firstLine < line)
}

function offsetIn(
  source: FrameSource,
  index: LineIndex,
  frame: number,
  content: Buffer,
  line: number,
  stored: StoredContent,
): number {
  const { firstLine, contentOffset } = source.frames[frame] as (typeof source.frames)[0]
  const unit = unitOf(charsetOf(stored))
  return contentOffset + index.afterNewline(source.nameOf(frame), content, line - firstLine, unit)
}
