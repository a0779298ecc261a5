/**
 * Numbers and times for people, the same on the server and in the browser.
 * Sizes are bytes, times epoch milliseconds.
 */

const UNITS = ['B', 'KiB', 'MiB', 'GiB']

/**
 * `3.4 MiB`: one decimal below 100 of a unit, none for bytes.
 * @param {number} bytes
 * @public
 */
export function sizeWords(bytes) {
  let value = bytes
  let unit = 0
  // 1,023.95 KiB would print as "1,024 KiB", which is 1 MiB.
  while (value >= 1023.95 && unit < UNITS.length - 1) {
    value /= 1024
    unit++
  }
  if (unit === 0) return `${numberWords(bytes)} B`
  const rounded = value < 100 ? Math.round(value * 10) / 10 : Math.round(value)
  return `${numberWords(rounded)} ${UNITS[unit]}`
}

/**
 * `up to 4 KiB`, `up to 16 KiB` and so on in steps of 4: what may be said of content that must not be guessed.
 * @param {number} bytes
 * @public
 */
export function roughSizeWords(bytes) {
  let bound = 4_096
  while (bound < bytes) bound *= 4
  return `up to ${sizeWords(bound)}`
}

/**
 * `454,795`.
 * @param {number} value
 * @public
 */
export function numberWords(value) {
  return value.toLocaleString('en')
}

/**
 * `1 line`, `41,203 lines`.
 * @param {number} count
 * @param {string} noun in the singular; the plural takes an s
 * @public
 */
export function countWords(count, noun) {
  return `${numberWords(count)} ${noun}${count === 1 ? '' : 's'}`
}

/**
 * A length of time in its largest fitting unit, rounded to it: `45 s`, `12 min`, `23 h`, `6 days`, `11 weeks`,
 * `2 years`. Rounded, not cut: what was chosen as 30 days must not read as 29 a second later.
 * @param {number} milliseconds 0 or more
 * @public
 */
export function spanWords(milliseconds) {
  const seconds = Math.max(0, milliseconds) / 1000
  if (seconds < 90) return `${Math.round(seconds)} s`
  const minutes = Math.round(seconds / 60)
  if (minutes < 90) return `${minutes} min`
  const hours = Math.round(seconds / 3600)
  if (hours < 36) return `${hours} h`
  const days = Math.round(seconds / 86_400)
  if (days < 60) return countWords(days, 'day')
  if (days === 365 || days === 366) return '1 year'
  return days < 700 ? countWords(Math.round(days / 7), 'week') : countWords(Math.round(days / 365), 'year')
}

/**
 * `ends in 23 h`, `has ended`, `never ends`.
 * @param {number | null} expiresAt
 * @param {number} now
 * @public
 */
export function endsWords(expiresAt, now) {
  if (expiresAt === null) return 'never ends'
  return expiresAt <= now ? 'has ended' : `ends in ${spanWords(expiresAt - now)}`
}

/**
 * What to know before sending on the address of a paste whose readings are counted.
 * @param {number} maxViews 1 or more
 * @public
 */
export function readingsWords(maxViews) {
  const often = maxViews === 1 ? 'once' : `${numberWords(maxViews)} times`
  const used = maxViews === 1 ? 'the reading' : 'one reading'
  return `It can be read ${often}. Its address shows a button first; pressing the button uses ${used} up, so leave that to the reader.`
}

/**
 * `just now`, `12 min ago`.
 * @param {number} at
 * @param {number} now
 * @public
 */
export function agoWords(at, now) {
  return now - at < 10_000 ? 'just now' : `${spanWords(now - at)} ago`
}
