import { countNewlines } from '../format/index.ts'
import type { Needle } from './needle.ts'

/** A line without its `\n`: its first bytes, at most {@link MOST_LINE_BYTES}, and how long it really is. */
export type ScannedLine = { text: Buffer; sizeBytes: number }

/** Receives every line, in order. Buffers are valid until the next `pause`. */
export type LineSink = {
  /** Whole lines, each with its `\n`, none of which matches. */
  gap(lines: Buffer): void
  /** A line that does not match and came in several parts. */
  line(line: ScannedLine): void
  /** The line with this number (from 1) matches. Returns whether to continue. */
  match(number: number, line: ScannedLine): boolean
  /** Ends a push: its bytes become invalid. */
  pause(): void
}

/** Cuts bytes into lines and looks into each for a needle. */
export type LineScanner = {
  /** Starts the next frame, whose first byte belongs to line `firstLine`. */
  frame(content: Buffer, firstLine: number): void
  /** Looks at the bytes [from, to) of the frame, which follow the previous ones. Returns whether to continue. */
  push(from: number, to: number): boolean
  /** There are no more bytes: ends a last line without `\n`. */
  finish(): boolean
}

/** The most bytes of a line that are held and shown. */
export const MOST_LINE_BYTES = 16_384

const NEWLINE = 0x0a

/**
 * A scanner before the first byte. A line may be as long as the content: of one that is not over at the end of a push,
 * its first bytes are kept, and as many of its last as a match across the seam needs. Lines are counted only up to a
 * match, from the start of its frame.
 */
export function createLineScanner(needle: Needle, sink: LineSink): LineScanner {
  let content: Buffer = Buffer.alloc(0)
  let number = 1
  let countedTo = 0
  let open: OpenLine | undefined

  const numberAt = (end: number): number => {
    number += countNewlines(content.subarray(countedTo, end))
    countedTo = end
    return number
  }
  const close = (line: OpenLine, end: number): boolean => {
    open = undefined
    const scanned = { text: Buffer.concat(line.start), sizeBytes: line.sizeBytes }
    if (line.matches) return sink.match(numberAt(end), scanned)
    sink.line(scanned)
    return true
  }
  return {
    frame(bytes, firstLine) {
      content = bytes
      number = firstLine
      countedTo = 0
    },
    push(from, to) {
      const bytes = content.subarray(from, to)
      const folded = needle.fold(bytes)
      let at = 0
      if (open !== undefined) {
        const newline = bytes.indexOf(NEWLINE)
        const end = newline < 0 ? bytes.length : newline
        extend(open, needle, bytes.subarray(0, end), folded.subarray(0, end))
        if (newline < 0) return true
        if (!close(open, from + end)) return false
        at = end + 1
      }
      const wholeEnd = Math.max(at, bytes.lastIndexOf(NEWLINE) + 1)
      const wholeLines = folded.subarray(0, wholeEnd)
      for (let hit = needle.indexIn(wholeLines, at); hit >= 0; hit = needle.indexIn(wholeLines, at)) {
        const start = bytes.lastIndexOf(NEWLINE, hit) + 1
        const end = bytes.indexOf(NEWLINE, hit)
        if (start > at) sink.gap(bytes.subarray(at, start))
        const text = bytes.subarray(start, Math.min(end, start + MOST_LINE_BYTES))
        if (!sink.match(numberAt(from + end), { text, sizeBytes: end - start })) return false
        at = end + 1
      }
      if (wholeEnd > at) sink.gap(bytes.subarray(at, wholeEnd))
      if (wholeEnd < bytes.length) {
        open = { start: [], sizeBytes: 0, edge: Buffer.alloc(0), matches: false }
        extend(open, needle, bytes.subarray(wholeEnd), folded.subarray(wholeEnd))
      }
      sink.pause()
      return true
    },
    finish: () => open === undefined || close(open, content.length),
  }
}

/** A line whose end has not come: its first bytes, its length, and its last bytes, folded, one fewer than the needle. */
type OpenLine = { start: Buffer[]; sizeBytes: number; edge: Buffer; matches: boolean }

function extend(line: OpenLine, needle: Needle, bytes: Buffer, folded: Buffer): void {
  const room = MOST_LINE_BYTES - line.sizeBytes
  if (room > 0) line.start.push(Buffer.from(bytes.subarray(0, room)))
  line.sizeBytes += bytes.length
  if (line.matches) return
  const edgeBytes = needle.sizeBytes - 1
  const seam = Buffer.concat([line.edge, folded.subarray(0, edgeBytes)])
  line.matches = needle.indexIn(seam) >= 0 || needle.indexIn(folded) >= 0
  const tail = folded.length < edgeBytes ? seam : folded
  line.edge = Buffer.from(tail.subarray(Math.max(0, tail.length - edgeBytes)))
}
