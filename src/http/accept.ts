import type { IncomingHttpHeaders } from 'node:http'

/** The encodings that answers are made in, best first. */
export type Encoding = 'zstd' | 'br' | 'gzip' | 'identity'

const PREFERENCE: readonly Encoding[] = ['zstd', 'br', 'gzip']

/** Whether `zstd` (RFC 8878) may be sent: named with a quality above 0; a wildcard alone is not enough to be safe. */
export function acceptsZstd(acceptEncoding: string | undefined): boolean {
  return acceptEncoding?.includes('zstd') === true && qualityOf(acceptEncoding, 'zstd') > 0
}

/** The best encoding that an Accept-Encoding header (RFC 9110 section 12.5.3) allows; `identity` when it names none of ours. */
export function pickEncoding(acceptEncoding: string | undefined): Encoding {
  if (acceptEncoding === undefined) return 'identity'
  const weighted = acceptEncoding.includes(';')
  for (const encoding of PREFERENCE)
    if (acceptEncoding.includes(encoding) && (!weighted || qualityOf(acceptEncoding, encoding) > 0)) return encoding
  return 'identity'
}

/**
 * Whether an Accept header (RFC 9110 section 12.5.1) asks for a page: it names `text/html` and ranks nothing that we
 * could send as the content (`text/plain`, a wildcard) above it. A missing header and curl's plain wildcard ask for the bytes.
 */
export function prefersHtml(accept: string | undefined): boolean {
  if (accept === undefined || !accept.includes('text/html')) return false
  // Fast path: browsers list text/html first, with q=1.
  if (accept.startsWith('text/html,')) return true
  const html = qualityOf(accept, 'text/html')
  return html > 0 && html >= qualityOf(accept, 'text/plain') && html >= qualityOf(accept, '*/*')
}

/**
 * Whether a request is one for a page: by a browser (Fetch metadata, or its name with `text/html` first), or by a program
 * that accepts nothing else. Programs that list `text/html` among what they take, such as Java's URLConnection and wget2,
 * get the bytes.
 */
export function wantsPage(headers: IncomingHttpHeaders): boolean {
  const { accept } = headers
  if (accept === undefined || !prefersHtml(accept)) return false
  if (headers['sec-fetch-mode'] !== undefined) return true
  if (accept.startsWith('text/html') && headers['user-agent']?.startsWith('Mozilla/')) return true
  return !accept.includes('*/*') && !accept.includes('text/plain') && !accept.includes('text/*')
}

/** Whether an Accept header names `application/json` and ranks neither `text/plain` nor a wildcard above it. */
export function prefersJson(accept: string | undefined): boolean {
  if (accept === undefined || !accept.includes('application/json')) return false
  const json = qualityOf(accept, 'application/json')
  return json > 0 && json >= qualityOf(accept, 'text/plain') && json >= qualityOf(accept, '*/*')
}

/** The quality (0 to 1) that a list header gives to a token; 0 where it doesn't name it. */
function qualityOf(header: string, token: string): number {
  for (const part of header.split(',')) {
    const [name, ...parameters] = part.split(';')
    if (name?.trim().toLowerCase() !== token) continue
    const weight = parameters.find((parameter) => /^\s*q=/i.test(parameter))
    return weight === undefined ? 1 : Number(weight.slice(weight.indexOf('=') + 1)) || 0
  }
  return 0
}
