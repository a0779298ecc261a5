import type { Paste } from '../model/index.ts'
import type { PasteView } from './schemas.ts'

/** Who asks: the holder of the edit token, or anybody. */
export type Viewer = 'owner' | 'anybody'

/**
 * Whether metadata keeps size, lines and hash back. Of a paste whose readings are counted they would tell the content to
 * who doesn't read it: a PIN has 10,000 hashes.
 */
export function keepsContentBack(paste: Paste, viewer: Viewer): boolean {
  return paste.maxViews !== null && viewer === 'anybody'
}

/** A paste's metadata as the API shows it. `publicUrl` has no trailing slash. */
export function pasteJson(paste: Paste, publicUrl: string, viewer: Viewer): PasteView {
  const { sizeBytes, lines, sha256 } = paste.content
  const content = keepsContentBack(paste, viewer)
    ? { size: null, lines: null, sha256: null }
    : { size: sizeBytes, lines, sha256 }
  return {
    slug: paste.slug,
    url: `${publicUrl}/${paste.slug}`,
    rawUrl: `${publicUrl}/raw/${paste.slug}`,
    title: paste.title,
    language: paste.language,
    fileName: paste.fileName,
    visibility: paste.visibility,
    ...content,
    mediaType: paste.content.mediaType,
    maxViews: paste.maxViews,
    views: paste.views,
    version: paste.version,
    createdAt: timestamp(paste.createdAt),
    updatedAt: timestamp(paste.updatedAt),
    expiresAt: paste.expiresAt === null ? null : timestamp(paste.expiresAt),
  }
}

/** Epoch milliseconds as RFC 3339 in UTC. */
export function timestamp(epochMs: number): string {
  return new Date(epochMs).toISOString()
}
