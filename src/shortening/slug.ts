import { customRandom } from 'nanoid'
import { AppError, type RandomSource } from '../core/index.ts'

// Without 0/O, 1/l/I: 57 letters that are read aloud and typed without a mistake.
const ALPHABET = '23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'
const GENERATED_LENGTH = 8
const PRIVATE_LENGTH = 22
const LEAST_VARIETY = 10
const KEY_ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const KEY_LENGTH = 27
const OBJECT_KEY = new RegExp(`^[0-9A-Za-z]{${KEY_LENGTH}}$`)

/** A character of a slug, as a regular expression; also for what holds a slug among other things. */
export const SLUG_CHARACTER = '[A-Za-z0-9_-]'
/** What a custom name must look like: 3 to 64 letters, digits, `_` and `-`, ending in letters or digits. */
export const CUSTOM_SLUG_PATTERN = `^[A-Za-z0-9]${SLUG_CHARACTER}{1,62}[A-Za-z0-9]$`
const CUSTOM_SLUG = new RegExp(CUSTOM_SLUG_PATTERN)
const ANY_SLUG = new RegExp(`^${SLUG_CHARACTER}{3,64}$`)

/** Whether a path segment has the shape of a slug; any other is 404 without a database query. */
export function isSlug(text: string): boolean {
  return ANY_SLUG.test(text)
}

/**
 * Checks a name that a user chose. Throws `invalid_slug` (not of the pattern) or `reserved_slug` (a route's own
 * first path segment, see `reserved.ts`). `reserved` holds lower-case words.
 */
export function checkCustomSlug(slug: string, reserved: ReadonlySet<string>): void {
  if (!CUSTOM_SLUG.test(slug))
    throw new AppError('invalid_slug', {
      detail: 'A name has 3 to 64 letters, digits, _ or -, and begins and ends with a letter or digit.',
      members: { pointer: '/slug' },
    })
  const lower = slug.toLowerCase()
  if (reserved.has(lower) || lower.startsWith('xn--'))
    throw new AppError('reserved_slug', {
      detail: `"${slug}" is used by the service itself.`,
      members: { pointer: '/slug' },
    })
}

/**
 * Whether the name of a private paste might be found by trying: shorter than a generated one, or of few different
 * characters. A name is all that protects such a paste.
 */
export function isGuessable(slug: string): boolean {
  return slug.length < PRIVATE_LENGTH || new Set(slug).size < LEAST_VARIETY
}

/** A fresh slug: 8 characters (46 bits), or 22 (128 bits) for a private paste, whose slug is its only protection. */
export function generateSlug(random: RandomSource, visibility: string): string {
  return customRandom(ALPHABET, visibility === 'private' ? PRIVATE_LENGTH : GENERATED_LENGTH, random.bytes)()
}

/** A fresh object key: 27 characters of `[0-9A-Za-z]` (160 bits), never derived from anything a user sent. */
export function generateObjectKey(random: RandomSource): string {
  return customRandom(KEY_ALPHABET, KEY_LENGTH, random.bytes)()
}

/** Whether a name has the form of our object keys; objects with other names are not the service's. */
export function isObjectKey(text: string): boolean {
  return OBJECT_KEY.test(text)
}
