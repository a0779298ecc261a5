import { hash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Content, Search, SearchResult } from '../../content/index.ts'
import { AppError, type Clock } from '../../core/index.ts'
import { prefersJson } from '../../http/index.ts'
import { type Paste, selectionEtag } from '../model/index.ts'
import type { GrepSelection } from './grep-query.ts'
import { sendNotModified } from './not-modified.ts'
import { type Delivery, selectionHeaders, TEXT } from './selection-headers.ts'

/** Responds with the lines that match. */
export type ServeGrep = (
  request: FastifyRequest,
  reply: FastifyReply,
  paste: Paste,
  selection: GrepSelection,
  how: Delivery,
) => Promise<FastifyReply>

const JSON_TYPE = 'application/json; charset=utf-8'

/**
 * Searches before it responds: a result has at most some 2 MiB, so its headers are exact. Text has the lines as
 * `grep -n` prints them; JSON, for clients that prefer it, is `{lines, searched, total, stopped}` with the lines' numbers.
 * `Content-Matches` counts the matching lines, `Content-Lines: 1-n/total` gives the searched ones. If lines are left out,
 * `Content-Matches` has `; stopped=limit`, `size` or `time`, and the text a last line that begins with `-- `. A result
 * cut by time is `no-store`. The search ends when the client disconnects. Throws `overloaded` and the store's errors.
 */
export function createServeGrep(deps: { content: Content; clock: Clock }): ServeGrep {
  return async (request, reply, paste, selection, how) => {
    const format = prefersJson(request.headers.accept) ? 'numbers' : 'text'
    const etagSuffix = `g${hash('sha256', JSON.stringify([format, ...Object.values(selection)])).slice(0, 16)}`
    const mediaType = format === 'text' ? TEXT : JSON_TYPE
    const fields = selectionHeaders(paste, { ...how, negotiated: true }, { etagSuffix, mediaType })
    if (sendNotModified(request, reply, paste, () => [selectionEtag(paste, etagSuffix)], fields)) return reply
    const { raw } = reply
    if (request.method === 'HEAD') {
      reply.hijack()
      raw.writeHead(200, fields).end()
      return reply
    }
    const gone = new AbortController()
    raw.once('close', () => gone.abort())
    if (raw.destroyed) gone.abort()
    const search: Search = { ...selection, needle: Buffer.from(selection.text), give: format }
    const result = await deps.content
      .grep(paste.content, search, { now: deps.clock.now, signal: gone.signal })
      .catch((error: unknown) => {
        throw gone.signal.aborted ? new AppError('body_incomplete', { cause: error }) : error
      })
    const { lines } = paste.content
    const body = format === 'text' ? textOf(result, selection) : jsonOf(result, lines)
    reply.hijack()
    raw.writeHead(200, [
      ...(result.stopped === 'time' ? uncached(fields) : fields),
      'Content-Lines',
      `${result.searchedLines > 0 ? `1-${result.searchedLines}` : '*'}/${lines}`,
      'Content-Matches',
      `${result.matches}${result.stopped ? `; stopped=${result.stopped}` : ''}`,
      'Content-Length',
      `${body.length}`,
    ])
    raw.end(body)
    return reply
  }
}

const STOPPED_BY = {
  limit: ({ limit }: GrepSelection) => `limit of ${limit} matches`,
  size: () => 'limit of 2 MiB',
  time: () => 'limit of 10 s',
}

function textOf({ text, stopped, searchedLines }: SearchResult, selection: GrepSelection): Buffer {
  if (stopped === undefined) return text
  return Buffer.concat([
    text,
    Buffer.from(`-- stopped after line ${searchedLines}: ${STOPPED_BY[stopped](selection)}\n`),
  ])
}

function jsonOf({ numbers, stopped, searchedLines }: SearchResult, total: number): Buffer {
  return Buffer.from(JSON.stringify({ lines: numbers, searched: searchedLines, total, stopped: stopped ?? null }))
}

/** The headers without caching, for a result that another try may improve. */
function uncached(fields: string[]): string[] {
  const dropped = new Set(['ETag', 'Last-Modified', 'Cache-Control'])
  return [...fields.filter((_, index) => !dropped.has(fields[index & ~1] ?? '')), 'Cache-Control', 'no-store']
}
