import { contentDisposition } from '../../content/index.ts'
import { contentEtag, type Paste, selectionEtag, zstdEtag } from '../model/index.ts'

/** Selected lines: the suffix of their ETag, and their media type. */
export type LineRepresentation = { etagSuffix: string; mediaType: string }

/** The representation of a response. */
export type Representation = {
  as: 'inline' | 'attachment'
  encoding: 'identity' | 'zstd'
  /** Whether the same address serves browsers a page, so that caches need `Vary: Accept`. */
  negotiated: boolean
  /** Set for selected lines, which have no byte ranges. */
  selection?: LineRepresentation
}

// User content never runs as part of the site: no scripts, frames or forms, and an origin of its own.
const SANDBOX =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"
const MEDIA_SANDBOX = SANDBOX.replace("default-src 'none';", "default-src 'none'; media-src 'self';")

/**
 * The headers of content that don't depend on the status, as a flat list of names and values: the fastest form for
 * Node's `writeHead`. Private pastes have `no-store` and no ETag.
 */
export function contentHeaders(paste: Paste, how: Representation): string[] {
  const mediaType = how.selection?.mediaType ?? paste.content.mediaType
  const isPrivate = paste.visibility === 'private'
  const fileName = paste.fileName ?? `${paste.slug}${mediaType.startsWith('text/') ? '.txt' : ''}`
  const headers = [
    'Content-Type',
    mediaType,
    'Content-Disposition',
    contentDisposition({ mediaType, fileName, download: how.as === 'attachment' }),
    'X-Content-Type-Options',
    'nosniff',
    'Content-Security-Policy',
    /^(audio|video)\//.test(mediaType) ? MEDIA_SANDBOX : SANDBOX,
    'Cross-Origin-Resource-Policy',
    isPrivate ? 'same-origin' : 'cross-origin',
    'Referrer-Policy',
    'no-referrer',
    'X-Frame-Options',
    'DENY',
    'Permissions-Policy',
    'camera=(), microphone=(), geolocation=(), browsing-topics=()',
    'Origin-Agent-Cluster',
    '?1',
    'Accept-Ranges',
    how.selection ? 'none' : 'bytes',
    'Vary',
    how.negotiated ? `Accept, Accept-Encoding` : 'Accept-Encoding',
  ]
  if (paste.visibility !== 'public') headers.push('X-Robots-Tag', 'noindex, nofollow')
  if (how.encoding === 'zstd') headers.push('Content-Encoding', 'zstd')
  if (isPrivate) {
    headers.push('Cache-Control', 'no-store')
  } else {
    // Every paste can be edited or deleted, so caches must revalidate their copy.
    headers.push('Access-Control-Allow-Origin', '*', 'Cache-Control', 'public, no-cache')
    headers.push('ETag', etagOf(paste, how))
    headers.push('Last-Modified', new Date(paste.updatedAt).toUTCString())
    // nginx treats `no-cache` as `no-store`; this makes it store the response as stale.
    if (!how.selection) headers.push('X-Accel-Expires', '@1')
  }
  return headers
}

function etagOf(paste: Paste, { selection, encoding }: Representation): string {
  if (selection) return selectionEtag(paste, selection.etagSuffix)
  return encoding === 'zstd' ? zstdEtag(paste) : contentEtag(paste)
}
