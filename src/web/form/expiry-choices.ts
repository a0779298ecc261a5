import type { WebLimits } from '../page/index.ts'
import { spanWords } from '../shared/words.js'

/** One entry of the list "Ends": what is sent as `expiresIn`, and what people read. */
export type ExpiryChoice = { value: string; label: string; chosen: boolean }

const MINUTE = 60_000
const DAY = 86_400_000
const PRESETS: readonly (readonly [value: string, label: string, milliseconds: number])[] = [
  ['10m', 'in 10 minutes', 10 * MINUTE],
  ['1h', 'in 1 hour', 60 * MINUTE],
  ['1d', 'in 1 day', DAY],
  ['7d', 'in 1 week', 7 * DAY],
  ['30d', 'in 30 days', 30 * DAY],
  ['365d', 'in 1 year', 365 * DAY],
]

/** The presets that the operator's limits allow, with the default among them and chosen. */
export function expiryChoices(limits: WebLimits): ExpiryChoice[] {
  const { minExpiryMs, maxExpiryMs, defaultExpiryMs } = limits
  const longest = maxExpiryMs ?? Number.POSITIVE_INFINITY
  const choices = PRESETS.filter(([, , span]) => span >= minExpiryMs && span <= longest)
  if (defaultExpiryMs !== null && !choices.some(([, , span]) => span === defaultExpiryMs))
    choices.push([`${Math.round(defaultExpiryMs / 1000)}s`, `in ${spanWords(defaultExpiryMs)}`, defaultExpiryMs])
  choices.sort((left, right) => left[2] - right[2])
  const list = choices.map(([value, label, span]) => ({ value, label, chosen: span === defaultExpiryMs }))
  if (maxExpiryMs === null) list.push({ value: 'never', label: 'never', chosen: defaultExpiryMs === null })
  return list
}
