import { FROM_PAGE } from '../common/dom.js'

/**
 * The lines in which a text was found.
 * @typedef {object} Found
 * @property {number[]} lines their numbers, ascending
 * @property {number} searched lines that were looked at
 * @property {string | null} stopped why not all were: `limit`, `size` or `time`
 */

const MOST_FOUND = 10_000

/**
 * Searches all lines of a paste, on the server.
 * @param {string} slug
 * @param {string} text literal, not empty
 * @param {boolean} matchCase
 * @param {AbortSignal} signal
 * @returns {Promise<Found>} rejects with words for people, or the signal's reason
 */
export async function search(slug, text, matchCase, signal) {
  const query = new URLSearchParams({ grep: text, ignoreCase: String(!matchCase), limit: String(MOST_FOUND) })
  const headers = { accept: 'application/json', ...FROM_PAGE }
  const response = await fetch(`/raw/${slug}?${query}`, { headers, signal }).catch((error) => {
    if (signal.aborted) throw error
    throw new Error('The server could not be reached.')
  })
  if (response.ok) return response.json()
  if (response.status === 503) throw new Error('Busy. Try again in a moment.')
  throw new Error(response.status === 410 ? 'This paste has ended.' : 'Not searched.')
}

/**
 * Where a text is found in a line, as the server finds it: A to Z alike in either case, everything else exactly.
 * @param {string} line
 * @param {string} text not empty
 * @param {boolean} matchCase
 * @returns {number[]} offsets, not overlapping
 */
export function offsetsIn(line, text, matchCase) {
  const [where, what] = matchCase ? [line, text] : [lower(line), lower(text)]
  const offsets = []
  for (let at = where.indexOf(what); at >= 0; at = where.indexOf(what, at + what.length)) offsets.push(at)
  return offsets
}

/** @param {string} text */
function lower(text) {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
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
