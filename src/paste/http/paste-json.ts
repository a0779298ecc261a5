import type { Paste } from '../model/index.ts'
import type { PasteView } from './schemas.ts'

/** A paste's metadata as the API shows it. `publicUrl` has no trailing slash. */
export function pasteJson(paste: Paste, publicUrl: string): PasteView {
  return {
    slug: paste.slug,
    url: `${publicUrl}/${paste.slug}`,
    rawUrl: `${publicUrl}/raw/${paste.slug}`,
    title: paste.title,
    language: paste.language,
    fileName: paste.fileName,
    visibility: paste.visibility,
    size: paste.content.sizeBytes,
    lines: paste.content.lines,
    sha256: paste.content.sha256,
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
