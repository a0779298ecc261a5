import { hash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Content, Search, SearchResult } from '../../content/index.ts'
import { AppError, type Clock } from '../../core/index.ts'
import { prefersJson } from '../../http/index.ts'
import type { Paste } from '../model/index.ts'
import { selectionEtag } from '../model/index.ts'
import type { GrepSelection } from './grep-query.ts'
import { sendNotModified } from './not-modified.ts'
import { type Delivery, selectionHeaders, TEXT } from './selection-headers.ts'

/** Answers with the lines that match. */
export type ServeGrep = (
  request: FastifyRequest,
  reply: FastifyReply,
  paste: Paste,
  selection: GrepSelection,
  how: Delivery,
) => Promise<FastifyReply>

const JSON_TYPE = 'application/json; charset=utf-8'

/**
 * Searches, then answers: the whole result is at most some 2 MiB, so its head is always true. As text, the lines as
 * `grep -n` prints them; to who prefers JSON, `{lines, searched, total, stopped}`: the numbers of the lines alone.
 * `Content-Matches` counts the matching lines, `Content-Lines: 1-n/total` says which were looked at; where lines were
 * left out, `Content-Matches` has `; stopped=limit`, `size` or `time`, and the text a last line that begins with `-- `.
 * What ended for want of time is kept by no cache. When the client leaves, the search ends. Throws `overloaded`, and
 * what the store throws.
 */
export function createServeGrep(deps: { content: Content; clock: Clock }): ServeGrep {
  return async (request, reply, paste, selection, how) => {
    const give = prefersJson(request.headers.accept) ? 'numbers' : 'text'
    const tag = `g${hash('sha256', JSON.stringify([give, ...Object.values(selection)])).slice(0, 16)}`
    const mediaType = give === 'text' ? TEXT : JSON_TYPE
    const fields = selectionHeaders(paste, { ...how, negotiated: true }, { tag, mediaType })
    if (sendNotModified(request, reply, paste, () => [selectionEtag(paste, tag)], fields)) return reply
    const { raw } = reply
    if (request.method === 'HEAD') {
      reply.hijack()
      raw.writeHead(200, fields).end()
      return reply
    }
    const gone = new AbortController()
    raw.once('close', () => gone.abort())
    if (raw.destroyed) gone.abort()
    const search: Search = { ...selection, needle: Buffer.from(selection.text), give }
    const result = await deps.content
      .grep(paste.content, search, { now: deps.clock.now, signal: gone.signal })
      .catch((error: unknown) => {
        throw gone.signal.aborted ? new AppError('body_incomplete', { cause: error }) : error
      })
    const { lines } = paste.content
    const body = give === 'text' ? textOf(result, selection) : jsonOf(result, lines)
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

const WHY = {
  limit: ({ limit }: GrepSelection) => `limit of ${limit} matches`,
  size: () => 'limit of 2 MiB',
  time: () => 'limit of 10 s',
}

function textOf({ text, stopped, searchedLines }: SearchResult, selection: GrepSelection): Buffer {
  if (stopped === undefined) return text
  return Buffer.concat([text, Buffer.from(`-- stopped after line ${searchedLines}: ${WHY[stopped](selection)}\n`)])
}

function jsonOf({ numbers, stopped, searchedLines }: SearchResult, total: number): Buffer {
  return Buffer.from(JSON.stringify({ lines: numbers, searched: searchedLines, total, stopped: stopped ?? null }))
}

/** The same head for an answer that another try might better. */
function uncached(fields: string[]): string[] {
  const dropped = new Set(['ETag', 'Last-Modified', 'Cache-Control'])
  return [...fields.filter((_, index) => !dropped.has(fields[index & ~1] ?? '')), 'Cache-Control', 'no-store']
}
