// The browser’s module `figures.js`, as the server imports it: one wording on both sides.

/**
 * `3.4`, `12,040`; null is a dash.
 * @public
 */
export function amountWords(value: number | null): string
/**
 * Milliseconds as `3.4 ms`, `1.2 s`; null is a dash.
 * @public
 */
export function durationWords(milliseconds: number | null): string
/**
 * A share of 1 as `62 %`; null is a dash.
 * @public
 */
export function shareWords(share: number | null): string
/**
 * Bytes as `116 MiB`; null is a dash.
 * @public
 */
export function bytesWords(bytes: number | null): string
/**
 * Whether it is well now: one sentence, and how bad it is.
 * @public
 */
export function judge(now: {
  requestsPerSecond: number
  errorShare: number
  p99Ms: number | null
  saturated: { resource: string; share: number } | null
}): { mood: 'good' | 'warn' | 'bad'; words: string }
