import { sizeWords, spanWords } from './words.js'

/**
 * Measured figures for people, the same on the server and in the browser. Null, which stands for "no data", is a dash.
 */

const NOTHING = '–'
const fewDigits = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 })
const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })

/**
 * `0.0025`, `3.4`, `412`, `12,040`, `1.24M`.
 * @param {number | null} value
 * @public
 */
export function amountWords(value) {
  if (value === null) return NOTHING
  if (value > 0 && value < 0.0005) return '≈0'
  if (value < 1) return `${Number(value.toPrecision(2))}`
  if (value < 10) return `${Math.round(value * 10) / 10}`
  if (value < 99_999.5) return whole.format(value)
  return value < 999_500 ? `${fewDigits.format(value / 1e3)}k` : `${fewDigits.format(value / 1e6)}M`
}

/**
 * `0.34 ms`, `3.4 ms`, `120 ms`, `1.2 s`, `4 min`.
 * @param {number | null} milliseconds
 * @public
 */
export function durationWords(milliseconds) {
  if (milliseconds === null) return NOTHING
  if (milliseconds < 999.5) return `${amountWords(milliseconds)} ms`
  if (milliseconds < 9_950) return `${Math.round(milliseconds / 100) / 10} s`
  return spanWords(milliseconds)
}

/**
 * A share of 1 in percent: `0 %`, `0.02 %`, `3.4 %`, `62 %`.
 * @param {number | null} share
 * @public
 */
export function shareWords(share) {
  if (share === null) return NOTHING
  // What is not all of it must not read as all of it.
  if (share > 0.99 && share < 1) return `${Math.floor(share * 1000) / 10} %`
  return `${amountWords(share * 100)} %`
}

/**
 * `116 MiB`.
 * @param {number | null} bytes
 * @public
 */
export function bytesWords(bytes) {
  return bytes === null ? NOTHING : sizeWords(Math.round(bytes))
}

/**
 * Whether it is well now: one sentence, and how bad it is. The worst comes first.
 * @param {{ requestsPerSecond: number, errorShare: number, p99Ms: number | null,
 *   saturated: { resource: string, share: number } | null }} now
 * @returns {{ mood: 'good' | 'warn' | 'bad', words: string }}
 * @public
 */
export function judge({ requestsPerSecond, errorShare, p99Ms, saturated }) {
  if (errorShare >= 0.01) return { mood: 'bad', words: `Failing: ${shareWords(errorShare)} of the answers are errors.` }
  if (saturated && saturated.share >= 0.9)
    return { mood: 'warn', words: `At its limit: ${saturated.resource}, ${shareWords(saturated.share)} in use.` }
  if (errorShare > 0) return { mood: 'warn', words: `Some errors: ${shareWords(errorShare)} of the answers.` }
  if (p99Ms !== null && p99Ms >= 1000)
    return { mood: 'warn', words: `Slow: one answer in a hundred takes ${durationWords(p99Ms)} or more.` }
  if (requestsPerSecond === 0) return { mood: 'good', words: 'Idle: no requests in the last minute.' }
  return { mood: 'good', words: 'Well: no errors, and nothing is near its limit.' }
}
