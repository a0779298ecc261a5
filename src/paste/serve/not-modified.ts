import type { FastifyReply, FastifyRequest } from 'fastify'
import { noneMatchHolds, notModifiedSince } from '../../http/index.ts'
import type { Paste } from '../model/index.ts'

// What a cache updates, and what lets a page of another site see that its copy is still good.
const KEPT_BY_304 = new Set([
  'Cache-Control',
  'Vary',
  'Last-Modified',
  'Access-Control-Allow-Origin',
  'Cross-Origin-Resource-Policy',
])

/**
 * Answers 304 (RFC 9110 section 15.4.5) when the client already holds what it asks for: one of `tags`, or all since
 * `updatedAt`. Gives whether it did. The answer's ETag is that of what the client holds, whatever encoding it would get
 * now: its copy keeps the name that fits its bytes. `fields` are the head of a whole answer, names and values in turn.
 * Of a private paste nobody holds anything.
 */
export function sendNotModified(
  request: FastifyRequest,
  reply: FastifyReply,
  paste: Paste,
  tags: (paste: Paste) => readonly string[],
  fields: readonly string[],
): boolean {
  const { headers } = request.raw
  const held = headers['if-none-match']
  const since = headers['if-modified-since']
  if ((held ?? since) === undefined || paste.visibility === 'private') return false
  const ours = fields[fields.indexOf('ETag') + 1] ?? ''
  const unchanged =
    held === undefined
      ? notModifiedSince(since, paste.updatedAt) && ours
      : [ours, ...tags(paste)].find((tag) => noneMatchHolds(held, [tag]))
  if (!unchanged) return false
  const kept = fields.filter((_, index) => KEPT_BY_304.has(fields[index & ~1] ?? ''))
  reply.hijack()
  reply.raw.writeHead(304, [...kept, 'ETag', unchanged, 'X-Request-Id', request.id]).end()
  return true
}
