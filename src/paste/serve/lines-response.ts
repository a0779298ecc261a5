import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Content, StoredContent } from '../../content/index.ts'
import { AppError, type Clock, type Logger } from '../../core/index.ts'
import type { Paste } from '../model/index.ts'
import { selectionEtag } from '../model/index.ts'
import { createServeGrep } from './grep-response.ts'
import type { Selection } from './line-query.ts'
import { sendNotModified } from './not-modified.ts'
import { type Delivery, selectionHeaders, TEXT } from './selection-headers.ts'
import { sendStream } from './send-stream.ts'

/** Answers with the selected part of a paste. */
export type ServeSelection = (
  request: FastifyRequest,
  reply: FastifyReply,
  paste: Paste,
  selection: Selection,
  how: Delivery,
) => FastifyReply | Promise<FastifyReply>

/**
 * Sends lines as they are stored, line ends included, as text, with `Content-Lines: first-last/total`. A last line
 * beyond the end is the end, as with byte ranges; more tail than there are lines is all of them. `Range` is ignored.
 * HEAD and 304 are answered from metadata, so HEAD says no Content-Length. Throws `range_not_satisfiable` with
 * `Content-Lines: *\/total`, and what the store throws before the first byte. Searches: see `grep-answer.ts`.
 */
export function createServeSelection(deps: { content: Content; logger: Logger; clock: Clock }): ServeSelection {
  const serveGrep = createServeGrep(deps)
  return (request, reply, paste, selection, how) => {
    if (selection.kind === 'grep') return serveGrep(request, reply, paste, selection, how)
    const { content } = paste
    const { first, last } = resolve(selection, content.lines)
    if (first > content.lines) throw beyondTheEnd(content.lines)
    const part = `l${first}-${last}`
    const fields = selectionHeaders(paste, how, { tag: part, mediaType: TEXT })
    if (sendNotModified(request, reply, paste, () => [selectionEtag(paste, part)], fields)) return reply
    fields.push('Content-Lines', `${first}-${last}/${content.lines}`)
    if (request.method === 'HEAD') {
      reply.hijack()
      reply.raw.writeHead(200, fields).end()
      return reply
    }
    const bytes = deps.content.peekLines(content, first, last)
    if (bytes === undefined) return fromStore(reply, content, { first, last }, fields)
    reply.hijack()
    reply.raw.writeHead(200, [...fields, 'Content-Length', `${bytes.length}`, 'X-Request-Id', request.id]).end(bytes)
    return reply
  }

  async function fromStore(
    reply: FastifyReply,
    content: StoredContent,
    { first, last }: { first: number; last: number },
    fields: string[],
  ): Promise<FastifyReply> {
    const range = await deps.content.findLines(content, first, last)
    if (range === undefined) throw beyondTheEnd(content.lines)
    const { start, end } = range
    const head = { status: 200, fields: [...fields, 'Content-Length', `${end - start}`], length: end - start }
    return sendStream(reply, head, (signal) => deps.content.read(content, start, end, signal), deps.logger)
  }
}

type LineSelection = Exclude<Selection, { kind: 'grep' }>

function resolve(selection: LineSelection, lines: number): { first: number; last: number } {
  if (selection.kind === 'tail') return { first: Math.max(1, lines - selection.count + 1), last: lines }
  return { first: selection.first, last: Math.min(selection.last, lines) }
}

function beyondTheEnd(lines: number): AppError {
  return new AppError('range_not_satisfiable', {
    detail: `The content has ${lines} ${lines === 1 ? 'line' : 'lines'}.`,
    headers: { 'content-lines': `*/${lines}` },
  })
}
