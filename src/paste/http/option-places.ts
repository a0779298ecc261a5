import { AppError } from '../../core/index.ts'
import type { PasteOptions } from '../model/index.ts'

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

/** Options as text fields: of a form, or of Upload-Metadata. */
export function fieldPlace(fields: Readonly<Record<string, string>>, name = 'the form'): Place {
  return { name, values: withTypes(filledIn(fields)) }
}

/** Options of a paste and the name of its file. */
export type OtherOptions = PasteOptions & { fileName?: string | undefined }

/**
 * The places of a route that names options in its own way: `aliases` are other names of options, `others` fields of forms
 * and the options that each sets by its value.
 */
export function namedPlaces(
  aliases: Readonly<Record<string, keyof PasteOptions>>,
  others: Readonly<Record<string, (value: string) => OtherOptions>>,
) {
  /** The aliases of a place as another place, so that an alias and its option can't differ. */
  function placesOf({ name, values }: Place): Place[] {
    const own: Record<string, unknown> = { ...values }
    const renamed: Record<string, unknown> = {}
    for (const [alias, option] of Object.entries(aliases)) {
      if (Object.hasOwn(own, alias) && own[alias] !== null) renamed[option] = own[alias]
      delete own[alias]
    }
    const second = Object.keys(renamed).length > 0 ? [{ name: Object.keys(aliases).join(), values: renamed }] : []
    return [{ name, values: own }, ...second]
  }

  /** The places of a form: what its other fields set, and the options that it names. */
  function placesOfForm(fields: Readonly<Record<string, string>>): Place[] {
    const isOther = (name: string) => Object.hasOwn(others, name)
    const named = Object.fromEntries(Object.entries(fields).filter(([name]) => !isOther(name)))
    const set = Object.entries(fields).filter(([name]) => isOther(name))
    return [
      ...set.map(([name, value]) => ({ name, values: others[name]?.(value) ?? {} })),
      ...placesOf(fieldPlace(named)),
    ]
  }
  return { placesOf, placesOfForm }
}
