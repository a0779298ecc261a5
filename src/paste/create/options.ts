import { AppError, type Clock } from '../../core/index.ts'
import { type ExpiryLimits, resolveExpiry } from '../../expiry/index.ts'
import { checkCustomSlug, isGuessable } from '../../shortening/index.ts'
import type { PasteOptions, Visibility } from '../model/index.ts'
import { checkClock } from '../rows/index.ts'

const TITLE_CODE_POINTS = 200
const LANGUAGE = /^[A-Za-z0-9][A-Za-z0-9+#._-]{0,31}$/
// C0 and C1 controls, line and paragraph separators, and marks that change the text's direction.
const UNSAFE_IN_TITLE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u

// U+2800 is a blank of Braille.
const VISIBLE = /[^\p{Default_Ignorable_Code_Point}\p{C}\p{Z}\u2800]/u

/** Checked options with defaults filled in. */
export type PastePlan = {
  slug: string | undefined
  title: string | null
  language: string | null
  visibility: Visibility
  /** When the create began; `expiresAt` is relative to it. */
  createdAt: number
  expiresAt: number | null
  maxViews: number | null
}

/** Dependencies of the checks. */
export type OptionRules = { clock: Clock; expiry: ExpiryLimits; reserved: ReadonlySet<string> }

/**
 * Checks a client's options. Throws `invalid_slug`, `reserved_slug`, `guessable_slug`, `invalid_title`, `invalid_language`,
 * `invalid_unicode`, `invalid_expiry`, `expiry_out_of_range`, `conflicting_fields`.
 */
export function planPaste(options: PasteOptions, rules: OptionRules): PastePlan {
  if (options.slug !== undefined) {
    checkCustomSlug(options.slug, rules.reserved)
    if (options.visibility === 'private' && isGuessable(options.slug))
      throw guessable('Leave the name out to get one that nobody guesses, or choose 22 characters or more.')
  }
  checkClock(rules.clock)
  const createdAt = rules.clock.now()
  return {
    slug: options.slug,
    title: checkTitle(options.title),
    language: checkLanguage(options.language),
    visibility: options.visibility ?? 'unlisted',
    createdAt,
    expiresAt: resolveExpiry(options, createdAt, rules.expiry),
    maxViews: checkMaxViews(options),
  }
}

/** The refusal of a private paste under a name that might be guessed; `remedy` says what to do. */
export function guessable(remedy: string): AppError {
  return new AppError('guessable_slug', {
    detail: `Its name is all that protects a private paste, and this one could be guessed. ${remedy}`,
    members: { pointer: '/slug' },
  })
}

/**
 * A title of at most 200 code points without control characters, trimmed; an empty one becomes null. One that is there and
 * shows nothing is refused: a list would have a row that can't be read.
 */
export function checkTitle(title: string | null | undefined): string | null {
  if (title === null || title === undefined) return null
  const pointer = '/title'
  if (!title.isWellFormed()) throw new AppError('invalid_unicode', { members: { pointer } })
  if (UNSAFE_IN_TITLE.test(title) || title.length > 2 * TITLE_CODE_POINTS || [...title].length > TITLE_CODE_POINTS)
    throw new AppError('invalid_title', {
      detail: 'A title is one line of at most 200 characters.',
      members: { pointer },
    })
  const trimmed = title.trim()
  if (trimmed !== '' && !VISIBLE.test(trimmed))
    throw new AppError('invalid_title', { detail: 'This title has no visible character.', members: { pointer } })
  return trimmed || null
}

/** A language name such as `python` or `c++`, lower case; an empty one becomes null. */
export function checkLanguage(language: string | null | undefined): string | null {
  if (language === null || language === undefined || language === '') return null
  if (!LANGUAGE.test(language))
    throw new AppError('invalid_language', {
      detail: 'A language is a short name such as python, c++ or text.',
      members: { pointer: '/language' },
    })
  return language.toLowerCase()
}

/** The limit on readings, if any. Throws `conflicting_fields` when the two options disagree. */
function checkMaxViews({ burnAfterReading, maxViews }: PasteOptions): number | null {
  if (burnAfterReading !== undefined && maxViews !== undefined && burnAfterReading !== (maxViews === 1))
    throw new AppError('conflicting_fields', { detail: 'Give burnAfterReading or maxViews, not both.' })
  return burnAfterReading === true ? 1 : (maxViews ?? null)
}
