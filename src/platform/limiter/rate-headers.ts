import type { ServerResponse } from 'node:http'
import type { Decision, Limit } from './window.ts'

/** A limit under the name that clients see; `bytes`: it counts content, not requests. */
export type RatePolicy = { name: string; limit: Limit; counts: 'requests' | 'bytes' }

/**
 * Sends a limit and what is left of it: `RateLimit-Policy: "create";q=600;w=60` and
 * `RateLimit: "create";r=599;t=60` (draft-ietf-httpapi-ratelimit-headers-10; structured fields, RFC 9651): q and r in
 * requests or, with `qu="content-bytes"`, in bytes, w and t in seconds; t is when all of it is free again.
 * Replaces an entry of the same name and keeps others. Does nothing once the headers are sent.
 *
 * On the response itself, because problems, streams and pages write their heads in different ways.
 */
export function setRateHeaders(
  response: ServerResponse,
  { name, limit, counts }: RatePolicy,
  decision: Decision,
): void {
  if (response.headersSent) return
  const unit = counts === 'bytes' ? ';qu="content-bytes"' : ''
  const windowSeconds = Math.ceil(limit.windowMs / 1_000)
  put(response, 'RateLimit-Policy', name, `q=${limit.count};w=${windowSeconds}${unit}`)
  put(response, 'RateLimit', name, `r=${decision.remaining};t=${Math.ceil(decision.resetMs / 1_000)}`)
}

function put(response: ServerResponse, header: string, name: string, parameters: string): void {
  const item = `"${name}";${parameters}`
  const before = response.getHeader(header)
  response.setHeader(header, typeof before === 'string' ? merged(before, name, item) : item)
}

/** In the order of their names, whichever Redis answered first. */
function merged(list: string, name: string, item: string): string {
  const others = list.split(', ').filter((other) => !other.startsWith(`"${name}"`))
  return [...others, item].sort().join(', ')
}
