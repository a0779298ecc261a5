// The browser’s module `words.js`, as the server imports it: one wording on both sides.

/**
 * Bytes as `3.4 MiB`.
 * @public
 */
export function sizeWords(bytes: number): string
/**
 * `454,795`.
 * @public
 */
export function numberWords(value: number): string
/**
 * `1 line`, `41,203 lines`; the noun is in the singular.
 * @public
 */
export function countWords(count: number, noun: string): string
/**
 * Milliseconds (0 or more) in their largest fitting unit, rounded: `23 h`.
 * @public
 */
export function spanWords(milliseconds: number): string
/**
 * `ends in 23 h`, `has ended`, `never ends`; epoch milliseconds.
 * @public
 */
export function endsWords(expiresAt: number | null, now: number): string
/**
 * What to know before sending on the address of a paste that can be read `maxViews` (1 or more) times.
 * @public
 */
export function readingsWords(maxViews: number): string
/**
 * `just now`, `12 min ago`; epoch milliseconds.
 * @public
 */
export function agoWords(at: number, now: number): string
