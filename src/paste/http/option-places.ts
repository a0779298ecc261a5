import { AppError } from '../../core/index.ts'

/** Options by name as one place of a request has them; `name` says where in a sentence, such as `the query`. */
export type Place = { name: string; values: Readonly<Record<string, unknown>> }

/**
 * The options of all places as one record. The order of places means nothing: the same option in two places has the same
 * value, or this throws `conflicting_options`.
 */
export function mergePlaces(places: readonly Place[]): Record<string, unknown> {
  const merged: Record<string, unknown> = {}
  const foundIn: Record<string, string> = Object.create(null)
  for (const place of places)
    for (const [name, value] of Object.entries(place.values)) {
      if (value === undefined) continue
      if (Object.hasOwn(merged, name) && `${merged[name]}` !== `${value}`)
        throw new AppError('conflicting_options', {
          detail: `${name} is one thing in ${foundIn[name]} and another in ${place.name}. Send it once.`,
          members: { pointer: `/${name}` },
        })
      merged[name] = value
      foundIn[name] ??= place.name
    }
  return merged
}

/** Text as forms, query strings and headers have it, as the numbers and booleans that JSON has. */
export function withTypes(texts: Readonly<Record<string, string>>): Record<string, unknown> {
  const typed: Record<string, unknown> = { ...texts }
  for (const name of ['expiresIn', 'maxViews']) if (/^-?\d+$/.test(texts[name] ?? '')) typed[name] = Number(texts[name])
  // Python writes True.
  const word = texts.burnAfterReading?.toLowerCase()
  if (word === 'true' || word === 'false') typed.burnAfterReading = word === 'true'
  return typed
}

/**
 * The values that were filled in: a form sends its empty fields too. An empty burnAfterReading may mean either, so it
 * throws `validation_failed`.
 */
export function filledIn(texts: Readonly<Record<string, string>>): Record<string, string> {
  if (texts.burnAfterReading === '')
    throw new AppError('validation_failed', {
      detail: 'Send burnAfterReading=true, or false.',
      members: { pointer: '/burnAfterReading' },
    })
  return Object.fromEntries(Object.entries(texts).filter(([, value]) => value !== ''))
}
