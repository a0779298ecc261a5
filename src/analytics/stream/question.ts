import { COUNTABLE, type Question } from './query.ts'
import { dayOf } from './row.ts'

/** What may be given on the command line, as `parseArgs` gives it. */
export type QuestionWords = { day?: string; by?: string; 'top-pastes'?: boolean; limit: string }

/** How a question is asked. */
export const QUESTION_USAGE = `[--day YYYY-MM-DD] [--top-pastes | --by ${COUNTABLE.join('|')}] [--limit 10] [--json]`

/** Parses a question; the day of `now` if it names none. Throws an Error with the reason. */
export function parseQuestion(words: QuestionWords, now: number): Question {
  const day = words.day ?? dayOf(now)
  const at = Date.parse(`${day}T00:00:00Z`)
  if (Number.isNaN(at) || dayOf(at) !== day) throw new Error('--day wants a day such as 2026-11-23')
  const limit = Number(words.limit)
  if (!Number.isInteger(limit) || limit < 1) throw new Error('--limit wants a whole number, 1 or more')
  if (words['top-pastes']) {
    if (words.by !== undefined) throw new Error('--top-pastes or --by: not both')
    // The reading that ends a paste is a claim.
    return { day, limit, by: 'paste', actions: ['view', 'claim'] }
  }
  const by = COUNTABLE.find((name) => name === (words.by ?? 'action'))
  if (!by) throw new Error(`--by wants one of ${COUNTABLE.join(', ')}`)
  return { day, limit, by }
}
