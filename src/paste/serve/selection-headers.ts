import type { Paste } from '../model/index.ts'
import { contentHeaders, type LineRepresentation } from './content-headers.ts'

/** How a route delivers content; `negotiated`: the same address serves browsers a page. */
export type Delivery = { as: 'inline' | 'attachment'; negotiated: boolean }

/** The media type of selected lines, whatever that of the whole content is. */
export const TEXT = 'text/plain; charset=utf-8'

/** Headers of selected lines, without Content-Lines and Content-Matches. */
export function selectionHeaders(paste: Paste, how: Delivery, selection: LineRepresentation): string[] {
  const fields = contentHeaders(paste, { ...how, encoding: 'identity', selection })
  if (paste.visibility !== 'private')
    fields.push('Access-Control-Expose-Headers', 'Content-Lines, Content-Matches, ETag, X-Request-Id')
  return fields
}
