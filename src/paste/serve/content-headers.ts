import { contentDisposition } from '../../content/index.ts'
import type { Paste } from '../model/index.ts'
import { contentEtag, selectionEtag, zstdEtag } from '../model/index.ts'

/** How the bytes go out. */
export type Representation = {
  as: 'inline' | 'attachment'
  encoding: 'identity' | 'zstd'
  /** Whether the same address gives a page to browsers, so that caches must tell them apart. */
  negotiated: boolean
  /** Set for a part that is told by lines: its name in the ETag, and what it is. It has no byte ranges. */
  part?: { tag: string; mediaType: string }
}

// User content never runs as our site: no scripts, no frames, no forms, its own origin group.
const SANDBOX =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"
const MEDIA_SANDBOX = SANDBOX.replace("default-src 'none';", "default-src 'none'; media-src 'self';")

/**
 * The headers of a paste's bytes without status-dependent ones, as a flat list of names and values: the shape that
 * Node's `writeHead` sends fastest. Private pastes are stored by no cache and carry no ETag.
 */
export function contentHeaders(paste: Paste, how: Representation): string[] {
  const mediaType = how.part?.mediaType ?? paste.content.mediaType
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
    how.part ? 'none' : 'bytes',
    'Vary',
    how.negotiated ? 'Accept, Accept-Encoding' : 'Accept-Encoding',
  ]
  if (paste.visibility !== 'public') headers.push('X-Robots-Tag', 'noindex, nofollow')
  if (how.encoding === 'zstd') headers.push('Content-Encoding', 'zstd')
  if (isPrivate) {
    headers.push('Cache-Control', 'no-store')
  } else {
    // Any paste can be deleted or edited by its token, so a copy must be asked about before it is used again.
    headers.push('Access-Control-Allow-Origin', '*', 'Cache-Control', 'public, no-cache')
    headers.push('ETag', etagOf(paste, how))
    headers.push('Last-Modified', new Date(paste.updatedAt).toUTCString())
    // For the cache of an nginx in front, which knows `no-cache` as "do not store" only: keep it, as stale from the start.
    if (!how.part) headers.push('X-Accel-Expires', '@1')
  }
  return headers
}

function etagOf(paste: Paste, { part, encoding }: Representation): string {
  if (part) return selectionEtag(paste, part.tag)
  return encoding === 'zstd' ? zstdEtag(paste) : contentEtag(paste)
}
