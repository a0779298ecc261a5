import { constants, fstatSync, openSync, writeSync } from 'node:fs'

/** Where log lines go. A line that can't be written at once is dropped and counted: no log may end or stall the process. */
export type LogOutput = {
  /** Writes a line, which ends in a line feed; never throws. */
  write(line: string): void
  /** Counts a line that something else had to drop. */
  drop(): void
  /** Lines dropped so far. */
  dropped(): number
}

/** Writes bytes from an offset, and gives how many; throws as `fs.writeSync` does. */
export type WriteSome = (bytes: Buffer, offset: number) => number

const LINE_FEED = Buffer.from('\n')
/** A line may be written in pieces, each of which takes some; more of them than this is a writer that takes nothing. */
const MOST_PIECES = 64

/** An output that hands lines to `write`; by default, to standard error. */
export function createLogOutput(write: WriteSome = standardError()): LogOutput {
  let dropped = 0
  // After half a line, a line feed keeps the next one apart from it.
  let isTorn = false
  const writeWhole = (bytes: Buffer) => {
    let done = 0
    try {
      for (let piece = 0; done < bytes.length && piece < MOST_PIECES; piece++) done += write(bytes, done)
    } catch {
      // A full disk, a reader that went away or does not read: the line is dropped, whatever the reason.
    }
    return done
  }
  return {
    write(line) {
      if (isTorn && writeWhole(LINE_FEED) === 0) return void dropped++
      const bytes = Buffer.from(line)
      const done = writeWhole(bytes)
      isTorn = done > 0 && done < bytes.length
      if (done < bytes.length) dropped++
    },
    drop: () => void dropped++,
    dropped: () => dropped,
  }
}

/** Keeps a standard stream that can't be written to from ending the process. */
export function surviveBrokenStreams(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
}

const STANDARD_ERROR = 2

/**
 * Standard error, written at once. A pipe is opened once more without blocking where the system allows: its reader may
 * stop reading. A file is not: it would be written from its start.
 */
function standardError(): WriteSome {
  const descriptor = withoutBlocking() ?? STANDARD_ERROR
  return (bytes, offset) => writeSync(descriptor, bytes, offset)
}

function withoutBlocking(): number | undefined {
  try {
    if (!fstatSync(STANDARD_ERROR).isFIFO()) return undefined
    return openSync(`/proc/self/fd/${STANDARD_ERROR}`, constants.O_WRONLY | constants.O_NONBLOCK)
  } catch {
    return undefined
  }
}
