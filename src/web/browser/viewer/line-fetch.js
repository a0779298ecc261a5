import { BASE } from '../common/base.js'
import { FROM_PAGE } from '../common/dom.js'
import { createLineParser } from './line-parser.js'

/** @import { Line } from './line-parser.js' */

// What is on screen never needs more.
const MOST_BYTES = 1024 * 1024
// A line that is longer than this is seen by its beginning: the next request starts behind it.
const LONG_LINE_BYTES = 64 * 1024

/** Why lines did not come. `final`: they never will; `retryAfterMs`: when to ask again. */
export class LinesError extends Error {
  /** @param {string} words for people @param {{ final?: boolean, retryAfterMs?: number }} how */
  constructor(words, { final = false, retryAfterMs = 2_000 } = {}) {
    super(words)
    this.final = final
    this.retryAfterMs = retryAfterMs
  }
}

/**
 * A paste as the viewer asks for it: `tag` is the beginning of its ETag, `count` its lines; `charset` how its bytes are
 * to be read, where that is not what they were found to be.
 * @typedef {{ slug: string, tag: string, count: number, charset?: string | undefined }} Origin
 */

/**
 * Where lines are, as UTF-8.
 * @param {Origin} paste
 * @param {string} lines
 */
export function linesPath({ slug, charset }, lines) {
  return `${BASE}/raw/${slug}?${charset ? `charset=${charset}&` : ''}lines=${lines}`
}

/**
 * Asks for lines `first` to `last`.
 * @param {Origin} paste
 * @param {number} first
 * @param {number} last
 * @param {AbortSignal} [signal]
 * @returns {Promise<Response>} with a body; rejects with a LinesError, or the signal's reason
 */
export async function askForLines(paste, first, last, signal) {
  const { tag, count } = paste
  const request = { headers: FROM_PAGE, signal: signal ?? null }
  const response = await fetch(linesPath(paste, `${first}-${last}`), request).catch((error) => {
    if (signal?.aborted) throw error
    throw new LinesError('The server could not be reached. Trying again.')
  })
  if (response.status === 404 || response.status === 410)
    throw new LinesError('This paste has ended: no more of it can be shown.', { final: true })
  const total = /\/(\d+)$/.exec(response.headers.get('content-lines') ?? '')?.[1]
  const etag = response.headers.get('etag')
  const other = (total !== undefined && Number(total) !== count) || (etag !== null && !etag.includes(tag))
  if (other || response.status === 416)
    throw new LinesError('This paste was changed. Load the page again to see what it is now.', { final: true })
  if (response.ok) return response
  const seconds = Number(response.headers.get('retry-after'))
  throw new LinesError('Some lines did not come. Trying again.', { retryAfterMs: Math.max(2, seconds || 0) * 1000 })
}

/**
 * Fetches lines `first` to `last`, or as many of them as come before a very long line is read, or a mebibyte.
 * @param {Origin} paste
 * @param {number} first
 * @param {number} last
 * @param {AbortSignal} signal
 * @returns {Promise<Line[]>} at least one; rejects as `askForLines` does
 */
export async function fetchLines(paste, first, last, signal) {
  const response = await askForLines(paste, first, last, signal)
  /** @type {Line[]} */
  const lines = []
  const parser = createLineParser((line) => lines.push(line))
  const reader = /** @type {ReadableStream<Uint8Array>} */ (response.body).getReader()
  let bytes = 0
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) {
        parser.end()
        return lines
      }
      bytes += value.length
      parser.push(value)
      if (bytes > MOST_BYTES || parser.lineBytes() > LONG_LINE_BYTES) {
        parser.stop()
        return lines
      }
    }
  } catch (error) {
    if (signal.aborted) throw error
    throw new LinesError('The connection broke. Trying again.')
  } finally {
    void reader.cancel().catch(() => {})
  }
}
