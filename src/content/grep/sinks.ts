import { createOutput } from './output.ts'
import { type LineSink, MOST_LINE_BYTES, type ScannedLine } from './scan.ts'

/** Why a search ended before the end of the content: enough matches, enough output, or enough time. */
export type Stopped = 'limit' | 'size' | 'time'

/** What a sink holds of a search, so far or at its end. */
export type Found = {
  /** Lines that matched and were taken. */
  matches: number
  /** Number of the line at which the sink had enough, and why; undefined while it takes more. */
  enough?: { line: number; why: Stopped }
}

/** A sink that prints. */
export type Printer = LineSink & { found: Found; output(): Buffer }

const NEWLINE = 0x0a
const NOTHING = Buffer.alloc(0)

/**
 * Prints as `grep -n -C context` does: `number:line` for a match, `number-line` for its context, `--` between groups
 * that do not touch (only with a context). Of lines longer than 16 KiB the first bytes, up to a whole character, and
 * how many are missing. Takes `limit` matches, or about `mostBytes` of output.
 */
export function createPrinter(options: { context: number; limit: number; mostBytes: number }): Printer {
  const { context, limit, mostBytes } = options
  const found: Found = { matches: 0 }
  const output = createOutput()
  // What came since the last printed line: lines of earlier pushes, as copies, then the whole lines of this one.
  let earlier: ScannedLine[] = []
  let recent: Buffer = NOTHING
  let after = 0
  let lastPrinted = 0

  const print = (number: number, separator: ':' | '-', line: ScannedLine) => {
    output.print(number, separator, line)
    lastPrinted = number
  }
  const keepRecent = () => {
    const lines = lastLines(recent, context).map(({ text, sizeBytes }) => ({ text: Buffer.from(text), sizeBytes }))
    earlier = [...earlier, ...lines].slice(-context)
    recent = NOTHING
  }
  return {
    found,
    output: output.bytes,
    gap(lines) {
      let at = 0
      for (; after > 0 && at < lines.length; after--) {
        const end = lines.indexOf(NEWLINE, at)
        print(lastPrinted + 1, '-', cut(lines, at, end))
        at = end + 1
      }
      if (context > 0) recent = lines.subarray(at)
    },
    line(line) {
      if (after > 0) {
        after--
        print(lastPrinted + 1, '-', line)
      } else if (context > 0) earlier = [...earlier, line].slice(-context)
    },
    pause() {
      if (recent.length > 0) keepRecent()
    },
    match(number, line) {
      const why = found.matches === limit ? 'limit' : output.sizeBytes() >= mostBytes ? 'size' : undefined
      if (why !== undefined) {
        found.enough = { line: number, why }
        return false
      }
      const before = context > 0 ? [...earlier, ...lastLines(recent, context)].slice(-context) : []
      const firstShown = number - before.length
      if (context > 0 && lastPrinted > 0 && firstShown > lastPrinted + 1) output.separate()
      for (const [index, shown] of before.entries()) print(firstShown + index, '-', shown)
      print(number, ':', line)
      earlier = []
      recent = NOTHING
      after = context
      found.matches++
      return true
    },
  }
}

/** Keeps the numbers of the first `limit` lines that match. */
export function createCollector(limit: number): LineSink & { found: Found; numbers: number[] } {
  const found: Found = { matches: 0 }
  const numbers: number[] = []
  return {
    found,
    numbers,
    gap() {},
    line() {},
    pause() {},
    match(number) {
      if (found.matches === limit) {
        found.enough = { line: number, why: 'limit' }
        return false
      }
      found.matches = numbers.push(number)
      return true
    },
  }
}

/** The last `count` of some whole lines. */
function lastLines(lines: Buffer, count: number): ScannedLine[] {
  const last: ScannedLine[] = []
  for (let end = lines.length - 1; end >= 0 && last.length < count; ) {
    const start = end === 0 ? 0 : lines.lastIndexOf(NEWLINE, end - 1) + 1
    last.push(cut(lines, start, end))
    end = start - 1
  }
  return last.reverse()
}

function cut(lines: Buffer, start: number, end: number): ScannedLine {
  return { text: lines.subarray(start, Math.min(end, start + MOST_LINE_BYTES)), sizeBytes: end - start }
}
