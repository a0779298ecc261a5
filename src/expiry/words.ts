const MINUTE = 60
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
/** Units as pastebins write them, in seconds. A lower-case `m` is a minute everywhere; months and years are rounded down. */
const UNITS: readonly (readonly [RegExp, number])[] = [
  [/^(?:s|secs?|seconds?)$/, 1],
  [/^(?:m|mins?|minutes?)$/, MINUTE],
  [/^(?:h|hrs?|hours?)$/, HOUR],
  [/^(?:d|days?)$/, DAY],
  [/^(?:w|weeks?)$/, 7 * DAY],
  [/^(?:M|months?)$/, 30 * DAY],
  [/^(?:y|yrs?|years?)$/, 365 * DAY],
]
const MOST_CHARACTERS = 64

/**
 * An expiry in the words of other pastebins as `expiresIn` takes it: `10min`, `1day`, `1h 30m`, `300` (seconds) as a number
 * of seconds, `never` as it is. What can't be read is given back, for `resolveExpiry` to refuse.
 */
export function expiryOfWords(words: string): number | string {
  const text = words.trim()
  if (/^\d{1,12}$/.test(text)) return Number(text)
  if (text.length > MOST_CHARACTERS || !/^(?:\d{1,9} ?[A-Za-z]+ ?)+$/.test(text)) return words
  let seconds = 0
  for (const [, count, unit = ''] of text.matchAll(/(\d+) ?([A-Za-z]+)/g)) {
    const known = UNITS.find(([pattern]) => pattern.test(unit))
    if (known === undefined) return words
    seconds += Number(count) * known[1]
  }
  return seconds
}
