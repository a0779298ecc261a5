import { AppError } from '../../core/index.ts'
import { invalid, type Query, single } from './query.ts'

/** A search for literal text of one line, with `context` lines around each match and at most `limit` matches. */
export type GrepSelection = { kind: 'grep'; text: string; context: number; ignoreCase: boolean; limit: number }

/** The bounds of a search, documented in OpenAPI too. */
export const GREP_BOUNDS = { needleBytes: 1_000, context: 50, limit: 10_000, presetLimit: 1_000 } as const

/**
 * Parses `?grep=text&context=3&ignoreCase=true&limit=200`; only the text is required. Throws `validation_failed` and
 * `invalid_limit` with a pointer to the parameter, and `invalid_url` when the percent-encoded text is not UTF-8.
 */
export function parseGrep(query: Query, url: string): GrepSelection {
  const text = single(query, 'grep') ?? ''
  refuseBadEncoding(url)
  if (text === '' || text.includes('\n') || Buffer.byteLength(text) > GREP_BOUNDS.needleBytes)
    throw invalid('grep', `Search for 1 to ${GREP_BOUNDS.needleBytes} bytes of one line.`)
  const context = single(query, 'context') ?? '0'
  if (!/^\d{1,2}$/.test(context) || Number(context) > GREP_BOUNDS.context)
    throw invalid('context', `The context is a number of lines, 0 to ${GREP_BOUNDS.context}.`)
  const ignoreCase = single(query, 'ignoreCase') ?? 'false'
  if (ignoreCase !== 'true' && ignoreCase !== 'false') throw invalid('ignoreCase', 'Send true or false.')
  const limit = single(query, 'limit') ?? `${GREP_BOUNDS.presetLimit}`
  if (!/^[1-9]\d{0,4}$/.test(limit) || Number(limit) > GREP_BOUNDS.limit)
    throw new AppError('invalid_limit', {
      detail: `The limit is a number of matching lines, 1 to ${GREP_BOUNDS.limit}.`,
      members: { pointer: '/limit' },
    })
  return { kind: 'grep', text, context: Number(context), ignoreCase: ignoreCase === 'true', limit: Number(limit) }
}

// Fastify's parser leaves such a value undecoded, so the search would be for another text.
function refuseBadEncoding(url: string): void {
  const sent = /[?&]grep=([^&#]*)/.exec(url)?.[1] ?? ''
  try {
    decodeURIComponent(sent)
  } catch (cause) {
    throw new AppError('invalid_url', { detail: 'The text of ?grep= is not percent-encoded UTF-8.', cause })
  }
}
