import { fetchLines, LinesError } from './line-fetch.js'

/** @import { Origin } from './line-fetch.js' */
/** @import { Line } from './line-parser.js' */

const WINDOW_BYTES = 64 * 1024
const MOST_WINDOWS = 24
const MOST_CHARACTERS = 6 * 1024 * 1024
// While the thumb is dragged, most windows are passed before they could come.
const PASSING_MS = 80

/**
 * How many lines are fetched at once: a power of two, so that windows lie the same way whenever they are asked for.
 * @param {number} sizeBytes
 * @param {number} count
 */
export function windowLines(sizeBytes, count) {
  const wanted = WINDOW_BYTES / (sizeBytes / count)
  return 2 ** Math.min(10, Math.max(4, Math.round(Math.log2(wanted))))
}

/**
 * The lines that are in memory: those around what is looked at, in windows of equal length, the longest unused ones
 * forgotten first. What is passed by before it came is not fetched to its end.
 * @param {Origin & { sizeBytes: number }} paste
 * @param {{ arrived(first: number, last: number): void, failed(error: LinesError | null): void }} tell `failed` is
 *   called with null when lines arrive again
 */
export function createLineStore(paste, tell) {
  const { count } = paste
  const size = windowLines(paste.sizeBytes, count)
  /** @type {Map<number, { lines: (Line | undefined)[], characters: number }>} the most recently used last */
  const windows = new Map()
  /** @type {Map<number, AbortController>} */
  const flights = new Map()
  /** @type {number[]} */
  let wanted = []
  let characters = 0
  let ended = false
  let failing = false
  let retryTimer = 0
  let passingTimer = 0
  let flownAt = 0
  let needed = { first: 1, last: 1 }

  const firstOf = (/** @type {number} */ index) => index * size + 1
  const lastOf = (/** @type {number} */ index) => Math.min((index + 1) * size, count)
  const indexOf = (/** @type {number} */ line) => Math.floor((line - 1) / size)

  /** @param {number} first @param {Line[]} lines all of one window */
  function keep(first, lines) {
    const index = indexOf(first)
    const kept = windows.get(index) ?? { lines: [], characters: 0 }
    for (const [at, line] of lines.entries()) {
      const place = first - firstOf(index) + at
      if (kept.lines[place]) continue
      kept.lines[place] = line
      kept.characters += line.text.length
      characters += line.text.length
    }
    windows.delete(index)
    windows.set(index, kept)
    for (const [old, { characters: freed }] of windows) {
      if (windows.size <= MOST_WINDOWS && characters <= MOST_CHARACTERS) break
      if (wanted.includes(old) || old === index) continue
      windows.delete(old)
      characters -= freed
    }
  }

  /** The first line of a window that is needed and not there, if any. @param {number} index */
  function missingIn(index) {
    const lines = windows.get(index)?.lines
    if (!lines) return firstOf(index)
    const visible = indexOf(needed.first) <= index && index <= indexOf(needed.last)
    const from = visible ? Math.max(needed.first, firstOf(index)) : firstOf(index)
    const to = visible ? Math.min(needed.last, lastOf(index)) : firstOf(index)
    for (let line = from; line <= to; line++) if (!lines[line - firstOf(index)]) return line
    return 0
  }

  function fly() {
    if (ended || retryTimer !== 0) return
    for (const index of wanted) {
      const first = flights.has(index) ? 0 : missingIn(index)
      if (first > 0) void fetchFrom(index, first)
    }
  }

  /** @param {number} index @param {number} first */
  async function fetchFrom(index, first) {
    const flight = new AbortController()
    flights.set(index, flight)
    flownAt = performance.now()
    try {
      const lines = await fetchLines(paste, first, lastOf(index), flight.signal)
      flights.delete(index)
      keep(first, lines)
      if (failing) tell.failed(null)
      failing = false
      tell.arrived(first, first + lines.length - 1)
      fly()
    } catch (error) {
      if (flight.signal.aborted) return
      flights.delete(index)
      if (!(error instanceof LinesError)) throw error
      failing = true
      ended = error.final
      tell.failed(error)
      if (ended || retryTimer !== 0) return
      retryTimer = setTimeout(() => {
        retryTimer = 0
        fly()
      }, error.retryAfterMs)
    }
  }

  return {
    size,
    /** A line, if it is there. @param {number} line @returns {Line | undefined} */
    get: (line) => windows.get(indexOf(line))?.lines[(line - 1) % size],
    /** The windows that lines lie in: their first lines. @param {number} first @param {number} last */
    windowsOf(first, last) {
      const starts = []
      for (let index = indexOf(first); index <= indexOf(last); index++) starts.push(firstOf(index))
      return starts
    },
    /**
     * The lines of a window, once all of them are there.
     * @param {number} first the window's first line
     * @returns {Line[] | undefined}
     */
    wholeWindow(first) {
      const lines = windows.get(indexOf(first))?.lines ?? []
      for (let line = first; line <= lastOf(indexOf(first)); line++) if (!lines[line - first]) return undefined
      return /** @type {Line[]} */ (lines)
    },
    /** Lines that the page came with. @param {number} first @param {Line[]} lines */
    seed(first, lines) {
      for (let line = first; line < first + lines.length; ) {
        const end = Math.min(lastOf(indexOf(line)) + 1, first + lines.length)
        keep(line, lines.slice(line - first, end - first))
        line = end
      }
    },
    /**
     * Says what is looked at, and where it is going. Nothing else is fetched.
     * @param {number} first
     * @param {number} last
     * @param {number} direction 1 down, -1 up, 0 neither
     */
    want(first, last, direction) {
      needed = { first, last }
      wanted = []
      for (let index = indexOf(first); index <= indexOf(last); index++) wanted.push(index)
      const next = direction < 0 ? indexOf(first) - 1 : indexOf(last) + 1
      if (direction !== 0 && next >= 0 && firstOf(next) <= count) wanted.push(next)
      let passed = passingTimer !== 0
      for (const [index, flight] of flights) {
        if (wanted.includes(index)) continue
        flight.abort()
        flights.delete(index)
        passed = true
      }
      for (const index of wanted) {
        const kept = windows.get(index)
        if (!kept) continue
        windows.delete(index)
        windows.set(index, kept)
      }
      if (!passed) return fly()
      if (passingTimer !== 0) return
      const land = () => {
        passingTimer = 0
        fly()
      }
      passingTimer = setTimeout(land, flownAt + PASSING_MS - performance.now())
    },
  }
}
