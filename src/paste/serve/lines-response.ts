import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Content, canBeRead, charsetOf, decodeText, type StoredContent } from '../../content/index.ts'
import { AppError, type Clock, type Logger } from '../../core/index.ts'
import { type Paste, selectionEtag } from '../model/index.ts'
import { createServeGrep } from './grep-response.ts'
import type { Selection } from './line-query.ts'
import { sendNotModified } from './not-modified.ts'
import { invalid } from './query.ts'
import { type Delivery, selectionHeaders, TEXT } from './selection-headers.ts'
import { sendStream } from './send-stream.ts'

/** Responds with the selected lines of a paste. */
export type ServeSelection = (
  request: FastifyRequest,
  reply: FastifyReply,
  paste: Paste,
  selection: Selection,
  how: Delivery,
) => FastifyReply | Promise<FastifyReply>

/**
 * Sends lines, line ends included, as UTF-8, with `Content-Lines: first-last/total`: as stored where that is what they
 * are, else decoded, what can't be read as U+FFFD, and then without a Content-Length. Clamps the last line to
 * the end, as byte ranges do, and a long tail to all lines. Ignores `Range`. Answers HEAD and 304 from metadata, so HEAD
 * has no Content-Length. Throws `range_not_satisfiable` with `Content-Lines: *\/total`, and the store's errors before
 * the first byte. Searches: see `grep-response.ts`.
 */
export function createServeSelection(deps: { content: Content; logger: Logger; clock: Clock }): ServeSelection {
  const serveGrep = createServeGrep(deps)
  return (request, reply, paste, selection, how) => {
    const { content } = paste
    if (selection.charset !== undefined && !canBeRead(content, selection.charset))
      throw invalid('charset', 'Send the name of a charset that fits the content, such as windows-1252.')
    if (selection.kind === 'grep') return serveGrep(request, reply, paste, selection, how)
    const { first, last } = resolve(selection, content.lines)
    if (first > content.lines) throw beyondTheEnd(content.lines)
    const charset = foreignCharset(content, selection.charset)
    const etagSuffix = `l${first}-${last}${charset === undefined ? '' : `-${charset}`}`
    const fields = selectionHeaders(paste, how, { etagSuffix, mediaType: TEXT })
    if (sendNotModified(request, reply, paste, () => [selectionEtag(paste, etagSuffix)], fields)) return reply
    fields.push('Content-Lines', `${first}-${last}/${content.lines}`)
    if (request.method === 'HEAD') {
      reply.hijack()
      reply.raw.writeHead(200, fields).end()
      return reply
    }
    const bytes = deps.content.peekLines(content, first, last)
    if (bytes === undefined || charset !== undefined) return fromStore(reply, content, { first, last, charset }, fields)
    reply.hijack()
    reply.raw.writeHead(200, [...fields, 'Content-Length', `${bytes.length}`, 'X-Request-Id', request.id]).end(bytes)
    return reply
  }

  async function fromStore(
    reply: FastifyReply,
    content: StoredContent,
    { first, last, charset }: { first: number; last: number; charset: string | undefined },
    fields: string[],
  ): Promise<FastifyReply> {
    const range = await deps.content.findLines(content, first, last)
    if (range === undefined) throw beyondTheEnd(content.lines)
    const { start, end } = range
    if (charset !== undefined) {
      const open = (signal: AbortSignal) => asUtf8(deps.content.read(content, start, end, signal), charset)
      return sendStream(reply, { status: 200, fields }, open, deps.logger)
    }
    const response = { status: 200, fields: [...fields, 'Content-Length', `${end - start}`], length: end - start }
    return sendStream(reply, response, (signal) => deps.content.read(content, start, end, signal), deps.logger)
  }
}

/** The charset in which a content has to be decoded before it is sent as UTF-8; undefined where it is sent as it is. */
function foreignCharset(content: StoredContent, wanted: string | undefined): string | undefined {
  const charset = wanted ?? charsetOf(content)
  return charset === 'utf-8' && content.utf8 ? undefined : charset
}

async function* asUtf8(source: AsyncIterable<Buffer>, charset: string): AsyncGenerator<Buffer, void> {
  for await (const text of decodeText(source, charset)) yield Buffer.from(text)
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
