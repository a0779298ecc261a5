import { BASE } from '../common/base.js'
import { FROM_PAGE } from '../common/dom.js'

/**
 * The lines in which a text was found.
 * @typedef {object} Found
 * @property {number[]} lines their numbers, ascending
 * @property {number} searched lines that were looked at
 * @property {string | null} stopped why not all were: `limit`, `size` or `time`
 */

const MOST_FOUND = 10_000
const encoder = new TextEncoder()

/**
 * Searches all lines of a paste, on the server.
 * @param {{ slug: string, charset?: string | undefined }} paste
 * @param {string} text literal, not empty
 * @param {boolean} matchCase
 * @param {AbortSignal} signal
 * @returns {Promise<Found>} rejects with words for people, or the signal's reason
 */
export async function search({ slug, charset }, text, matchCase, signal) {
  const query = new URLSearchParams({ grep: text, ignoreCase: String(!matchCase), limit: String(MOST_FOUND) })
  if (charset) query.set('charset', charset)
  const headers = { accept: 'application/json', ...FROM_PAGE }
  const response = await fetch(`${BASE}/raw/${slug}?${query}`, { headers, signal }).catch((error) => {
    if (signal.aborted) throw error
    throw new Error('The server could not be reached.')
  })
  if (response.ok) return response.json()
  if (response.status === 503) throw new Error('Busy. Try again in a moment.')
  throw new Error(response.status === 410 ? 'This paste has ended.' : 'Not searched.')
}

/**
 * Where a text is found in a line, as the server finds it: letters alike in either case, A to Z only where the text has
 * no others.
 * @param {string} line
 * @param {string} text not empty
 * @param {boolean} matchCase
 * @returns {number[]} offsets, not overlapping
 */
export function offsetsIn(line, text, matchCase) {
  const fold = /^[\0-\x7f]*$/.test(text) ? lower : foldLetters
  const [where, what] = matchCase ? [line, text] : [fold(line), fold(text)]
  const offsets = []
  for (let at = where.indexOf(what); at >= 0; at = where.indexOf(what, at + what.length)) offsets.push(at)
  return offsets
}

/** @param {string} text */
function lower(text) {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
}

/**
 * Simple case folding, as on the server: every letter stays one, so that offsets are those of the line.
 * @param {string} text
 */
function foldLetters(text) {
  return text.replace(/\p{L}/gu, (letter) => {
    const folded = letter.toUpperCase().toLowerCase()
    return folded.length === letter.length && utf8Bytes(folded) === utf8Bytes(letter) ? folded : letter
  })
}

/** @param {string} letter */
function utf8Bytes(letter) {
  return encoder.encode(letter).length
}

/**
 * The index of the first line after `line`; `lines.length` when there is none.
 * @param {number[]} lines ascending
 * @param {number} line
 */
export function indexAfter(lines, line) {
  let low = 0
  let high = lines.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (/** @type {number} */ (lines[middle]) <= line) low = middle + 1
    else high = middle
  }
  return low
}
