import { askForLines } from './line-fetch.js'

/** @import { Origin } from './line-fetch.js' */
/** @import { Line } from './line-parser.js' */

const MOST_BYTES = 256 * 1024

/**
 * All of a long line, or its first 256 KiB: browsers are slow at laying out more in one line.
 * @param {Origin} paste
 * @param {number} number
 * @returns {Promise<Line>}
 */
export async function wholeLine(paste, number) {
  const gone = new AbortController()
  const response = await askForLines(paste, number, number, gone.signal)
  const reader = /** @type {ReadableStream<Uint8Array>} */ (response.body).getReader()
  // A character that is cut in two is left out: it stays in the decoder.
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  let text = ''
  let read = 0
  // What is decoded on its way has no length before it is over.
  while (read <= MOST_BYTES) {
    const { done, value } = await reader.read()
    if (done) break
    if (read < MOST_BYTES) text += decoder.decode(value.subarray(0, MOST_BYTES - read), { stream: true })
    read += value.length
  }
  gone.abort()
  const cut = read > MOST_BYTES
  const length = response.headers.get('content-length')
  const bytes = length !== null ? Number(length) : cut ? Number.NaN : read
  const ended = cut || text.endsWith('\n')
  return { text: text.replace(/\r?\n$/, ''), bytes, cut, ended, expanded: true }
}
