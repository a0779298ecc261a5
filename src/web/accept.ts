/** The encodings that pages and assets are made in, best first. */
export type Encoding = 'zstd' | 'br' | 'gzip' | 'identity'

const PREFERENCE: readonly Encoding[] = ['zstd', 'br', 'gzip']

/**
 * Whether an Accept header (RFC 9110 section 12.5.1) asks for a page: it names `text/html` and ranks nothing that we
 * could send as the content (`text/plain`, a wildcard) above it. A missing header and curl's plain wildcard ask for the bytes.
 */
export function prefersHtml(accept: string | undefined): boolean {
  if (accept === undefined || !accept.includes('text/html')) return false
  // What every browser sends, told without parsing: first in the list, and of full weight.
  if (accept.startsWith('text/html,')) return true
  const html = quality(accept, 'text/html')
  return html > 0 && html >= quality(accept, 'text/plain') && html >= quality(accept, '*/*')
}

/** The best encoding that an Accept-Encoding header (RFC 9110 section 12.5.3) allows; `identity` when it names none of ours. */
export function pickEncoding(acceptEncoding: string | undefined): Encoding {
  if (acceptEncoding === undefined) return 'identity'
  const weighted = acceptEncoding.includes(';')
  for (const encoding of PREFERENCE)
    if (acceptEncoding.includes(encoding) && (!weighted || quality(acceptEncoding, encoding) > 0)) return encoding
  return 'identity'
}

/** Whether an If-None-Match header (RFC 9110 section 13.1.2, weak comparison) names this strong ETag. */
export function matchesEtag(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false
  if (ifNoneMatch === etag || ifNoneMatch === '*') return true
  return ifNoneMatch.split(',').some((part) => part.trim().replace(/^W\//, '') === etag)
}

function quality(header: string, token: string): number {
  for (const part of header.split(',')) {
    const [name, ...parameters] = part.split(';')
    if (name?.trim().toLowerCase() !== token) continue
    const weight = parameters.find((parameter) => /^\s*q=/i.test(parameter))
    return weight === undefined ? 1 : Number(weight.slice(weight.indexOf('=') + 1)) || 0
  }
  return 0
}
