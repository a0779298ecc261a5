const ENTITY_TAG = /(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"/g
const TAG_LIST = /^[ \t]*(?:(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"[ \t]*(?:,[ \t]*|$))+$/

/**
 * If-None-Match (RFC 9110 section 13.1.2, weak comparison): whether the client already has one of `tags` (the ETags
 * of the representations that would do). A header that can't be parsed matches nothing.
 */
export function noneMatchHolds(header: string | undefined, tags: readonly string[]): boolean {
  if (header === undefined) return false
  if (header.trim() === '*') return true
  if (!TAG_LIST.test(header)) return false
  return (header.match(ENTITY_TAG) ?? []).some((tag) => tags.includes(tag.replace(/^W\//, '')))
}

/**
 * If-Match (RFC 9110 section 13.1.1, strong comparison): whether a change is allowed. True without a header; false
 * for a weak, wrong or malformed tag.
 */
export function matchHolds(header: string | undefined, tags: readonly string[]): boolean {
  if (header === undefined || header.trim() === '*') return true
  return TAG_LIST.test(header) && (header.match(ENTITY_TAG) ?? []).some((tag) => tags.includes(tag))
}

/**
 * If-Range (RFC 9110 section 13.1.5): whether a Range header still counts. Only a strong tag that is equal, or the
 * exact Last-Modified date, keeps the range.
 */
export function rangeStillHolds(header: string | undefined, tag: string, modifiedAt: number): boolean {
  if (header === undefined) return true
  if (header.startsWith('"')) return header === tag
  return !header.startsWith('W/') && Date.parse(header) === Math.floor(modifiedAt / 1000) * 1000
}

/** If-Unmodified-Since (section 13.1.4): whether a change is allowed. A malformed date is ignored. */
export function unmodifiedHolds(header: string | undefined, modifiedAt: number): boolean {
  if (header === undefined) return true
  const date = Date.parse(header)
  return Number.isNaN(date) || Math.floor(modifiedAt / 1000) * 1000 <= date
}

/** If-Modified-Since (section 13.1.3), for requests without If-None-Match: true answers 304. */
export function notModifiedSince(header: string | undefined, modifiedAt: number): boolean {
  if (header === undefined) return false
  const date = Date.parse(header)
  return !Number.isNaN(date) && Math.floor(modifiedAt / 1000) * 1000 <= date
}
