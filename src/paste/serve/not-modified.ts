import type { FastifyReply, FastifyRequest } from 'fastify'
import { noneMatchHolds, notModifiedSince } from '../../http/index.ts'
import type { Paste } from '../model/index.ts'

// Headers that update a cache's copy, and those that a page of another origin needs to read the 304.
const KEPT_BY_304 = new Set([
  'Cache-Control',
  'Vary',
  'Last-Modified',
  'Access-Control-Allow-Origin',
  'Cross-Origin-Resource-Policy',
])

/**
 * Sends 304 (RFC 9110 section 15.4.5) and returns true if the client's copy is current: it has one of `etags`, or nothing
 * changed since its date. The 304 names the ETag of the client's copy, even if a new response would have another
 * encoding. `fields` are the headers of a full response, names and values in turn. Never for a private paste.
 */
export function sendNotModified(
  request: FastifyRequest,
  reply: FastifyReply,
  paste: Paste,
  etags: (paste: Paste) => readonly string[],
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
      : [ours, ...etags(paste)].find((etag) => noneMatchHolds(held, [etag]))
  if (!unchanged) return false
  const kept = fields.filter((_, index) => KEPT_BY_304.has(fields[index & ~1] ?? ''))
  reply.hijack()
  reply.raw.writeHead(304, [...kept, 'ETag', unchanged, 'X-Request-Id', request.id]).end()
  return true
}
