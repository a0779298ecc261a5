import { sizeWords } from '../../shared/words.js'
import { askForLines } from './line-fetch.js'

/** @import { Origin } from './line-fetch.js' */

const MOST_BYTES = 16 * 1024 * 1024

/**
 * The text of lines as they were pasted, line ends included.
 * @param {Origin} paste
 * @param {number} first
 * @param {number} last
 * @returns {Promise<string>} rejects, in words for people, when that is more than 16 MiB
 */
export async function textOfLines(paste, first, last) {
  const gone = new AbortController()
  const response = await askForLines(paste, first, last, gone.signal)
  const length = response.headers.get('content-length')
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  const reader = /** @type {ReadableStream<Uint8Array>} */ (response.body).getReader()
  let text = ''
  // What is decoded on its way has no length before it is over.
  for (let bytes = Number(length); bytes <= MOST_BYTES; ) {
    const { done, value } = await reader.read()
    if (done) return text + decoder.decode()
    text += decoder.decode(value, { stream: true })
    if (length === null) bytes += value.length
  }
  gone.abort()
  const size = length === null ? `more than ${sizeWords(MOST_BYTES)}` : sizeWords(Number(length))
  throw new Error(`That is ${size}; at most ${sizeWords(MOST_BYTES)} can be copied. Download gives all of it.`)
}
