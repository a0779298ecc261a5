import type { FastifyRequest } from 'fastify'
import { AppError } from '../../core/index.ts'
import { type GrepSelection, parseGrep } from './grep-query.ts'
import { invalid, type Query, single } from './query.ts'

/**
 * Selected lines: `first` to `last` (from 1, inclusive, `last` may be Infinity), the last `count`, or those that match a
 * search.
 */
export type Selection = Selected & {
  /** `?charset=`: how the bytes are read, where that is not to be what they were found to be. */
  charset?: string | undefined
}
type Selected = { kind: 'lines'; first: number; last: number } | { kind: 'tail'; count: number } | GrepSelection

const LINES = /^([1-9]\d{0,14})(-([1-9]\d{0,14})?)?$/
const COUNT = /^[1-9]\d{0,14}$/
const SELECTORS = ['lines', 'tail', 'grep'] as const
const OF_GREP = ['context', 'ignoreCase', 'limit'] as const

/**
 * The selection in a query string: `?lines=a-b`, `a-`, `a`; `?tail=n`; or `?grep=text`, see {@link parseGrep}. Undefined
 * without one; ignores other parameters. Throws `validation_failed`, `invalid_limit`, `duplicate_field` and
 * `conflicting_fields`, each with a pointer to the parameter, and `invalid_url`.
 */
export function selectionOf(request: FastifyRequest): Selection | undefined {
  const { url = '' } = request.raw
  // Fast path: most requests have no query.
  if (!url.includes('?')) return undefined
  const query = request.query as Query
  const [selector, ...others] = SELECTORS.filter((name) => query[name] !== undefined)
  const charset = single(query, 'charset')
  if (selector === undefined) {
    if (charset === undefined) return undefined
    throw invalid('charset', 'It says how ?lines=, ?tail= and ?grep= are read; the bytes themselves are never changed.')
  }
  const stray = selector === 'grep' ? undefined : OF_GREP.find((name) => query[name] !== undefined)
  const [another = stray] = others
  if (another !== undefined)
    throw new AppError('conflicting_fields', {
      detail: `?${selector}= and ?${another}= can not be combined.`,
      members: { pointer: `/${another}` },
    })
  const value = single(query, selector) ?? ''
  if (selector === 'grep') return { ...parseGrep(query, url), charset }
  return { ...(selector === 'lines' ? parseLines(value) : parseTail(value)), charset }
}

function parseLines(value: string): Selection {
  const match = LINES.exec(value)
  if (!match) throw invalid('lines', 'Send lines as 120-180, 120- or 120; the first is 1.')
  const first = Number(match[1])
  const open = match[2] !== undefined && match[3] === undefined
  const last = open ? Number.POSITIVE_INFINITY : Number(match[3] ?? first)
  if (last < first) throw invalid('lines', 'The last line lies before the first.')
  return { kind: 'lines', first, last }
}

function parseTail(value: string): Selection {
  if (!COUNT.test(value)) throw invalid('tail', 'The tail is a number of lines, from 1.')
  return { kind: 'tail', count: Number(value) }
}
