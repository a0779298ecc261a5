import type { Paste } from '../model/index.ts'
import { contentHeaders } from './content-headers.ts'

/** What an address says of how a part goes out. */
export type Delivery = { as: 'inline' | 'attachment'; negotiated: boolean }

/** The media type of lines, whatever the whole content is. */
export const TEXT = 'text/plain; charset=utf-8'

/** The head of a part that is told by lines, without the fields that say which: `part` is its name in the ETag. */
export function selectionHeaders(paste: Paste, how: Delivery, part: { tag: string; mediaType: string }): string[] {
  const fields = contentHeaders(paste, { ...how, encoding: 'identity', part })
  if (paste.visibility !== 'private')
    fields.push('Access-Control-Expose-Headers', 'Content-Lines, Content-Matches, ETag, X-Request-Id')
  return fields
}
