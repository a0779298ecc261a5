import type { Paste } from './paste.ts'

/** Strong ETag of the content as it is (RFC 9110 section 8.8.3). */
export function contentTag(paste: Paste): string {
  return `"${paste.content.sha256.slice(0, 32)}"`
}

/** Strong ETag of the content in `Content-Encoding: zstd`: other bytes, so another tag. */
export function zstdTag(paste: Paste): string {
  return `"${paste.content.sha256.slice(0, 32)}-zstd"`
}

/** Strong ETag of a part of the content; `part` says which, in letters, digits and `-`. */
export function partTag(paste: Paste, part: string): string {
  return `"${paste.content.sha256.slice(0, 32)}-${part}"`
}

/**
 * ETag of the metadata: a slug may be used again one day, so the time of creation is part of it; readings, where they
 * are counted, change it without a new version.
 */
export function metadataTag({ createdAt, version, maxViews, views }: Paste): string {
  return `"m-${createdAt.toString(36)}-${version}${maxViews === null ? '' : `-${views}`}"`
}

/** Every ETag that names this state of the paste: what an If-Match may hold. */
export function entityTags(paste: Paste): string[] {
  return [metadataTag(paste), contentTag(paste), zstdTag(paste)]
}
