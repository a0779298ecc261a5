import { sizeWords } from '../../shared/words.js'
import { askForLines } from './line-fetch.js'

const MOST_BYTES = 16 * 1024 * 1024

/**
 * The text of lines as they were pasted, line ends included.
 * @param {{ slug: string, tag: string, count: number }} paste
 * @param {number} first
 * @param {number} last
 * @returns {Promise<string>} rejects, in words for people, when that is more than 16 MiB
 */
export async function textOfLines(paste, first, last) {
  const gone = new AbortController()
  const response = await askForLines(paste, first, last, gone.signal)
  const bytes = Number(response.headers.get('content-length'))
  if (bytes > MOST_BYTES) {
    gone.abort()
    throw new Error(
      `That is ${sizeWords(bytes)}; at most ${sizeWords(MOST_BYTES)} can be copied. Download gives all of it.`,
    )
  }
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(await response.arrayBuffer())
}
