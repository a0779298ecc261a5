import type { Paste } from './paste.ts'

/** Strong ETag of the identity representation (RFC 9110 section 8.8.3). */
export function contentEtag(paste: Paste): string {
  return `"${paste.content.sha256.slice(0, 32)}"`
}

/** Strong ETag of the zstd representation: other bytes, so another ETag. */
export function zstdEtag(paste: Paste): string {
  return `"${paste.content.sha256.slice(0, 32)}-zstd"`
}

/** Strong ETag of selected lines; `suffix` names the selection in letters, digits and `-`. */
export function selectionEtag(paste: Paste, suffix: string): string {
  return `"${paste.content.sha256.slice(0, 32)}-${suffix}"`
}

/**
 * ETag of the metadata. Holds the time of creation because a slug can be used again, and the readings of a limited
 * paste because they don't count the version up.
 */
export function metadataEtag({ createdAt, version, maxViews, views }: Paste): string {
  return `"m-${createdAt.toString(36)}-${version}${maxViews === null ? '' : `-${views}`}"`
}

/** Every ETag of the paste's current state: an If-Match may name any of them. */
export function currentEtags(paste: Paste): string[] {
  return [metadataEtag(paste), contentEtag(paste), zstdEtag(paste)]
}
