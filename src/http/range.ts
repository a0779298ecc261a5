/** Bytes `start` (inclusive) to `end` (exclusive). */
export type ByteRange = { start: number; end: number }

/**
 * Reads a Range header (RFC 9110 section 14.2) for a representation of `sizeBytes` (> 0). Gives the range clamped to
 * the end, `unsatisfiable` (416), or null for a header that is ignored: absent, malformed, another unit, or more than
 * one range, which would let a client multiply our work.
 */
export function parseRange(header: string | undefined, sizeBytes: number): ByteRange | 'unsatisfiable' | null {
  const match = header === undefined ? null : /^bytes=[ \t]*(\d{0,15})-(\d{0,15})[ \t]*$/i.exec(header)
  if (!match || (match[1] === '' && match[2] === '')) return null
  if (match[1] === '') {
    const suffix = Number(match[2])
    return suffix === 0 ? 'unsatisfiable' : { start: Math.max(0, sizeBytes - suffix), end: sizeBytes }
  }
  const start = Number(match[1])
  const last = match[2] === '' ? Number.POSITIVE_INFINITY : Number(match[2])
  if (last < start) return null
  if (start >= sizeBytes) return 'unsatisfiable'
  return { start, end: Math.min(last + 1, sizeBytes) }
}
