import type { Paste } from '../model/index.ts'
import { rawHeaders } from './content-headers.ts'

/** What an address says of how a part goes out. */
export type PartFrame = { as: 'inline' | 'attachment'; negotiated: boolean }

/** The media type of lines, whatever the whole content is. */
export const TEXT = 'text/plain; charset=utf-8'

/** The head of a part that is told by lines, without the fields that say which: `part` is its name in the ETag. */
export function partHeaders(paste: Paste, how: PartFrame, part: { tag: string; mediaType: string }): string[] {
  const fields = rawHeaders(paste, { ...how, encoding: 'identity', part })
  if (paste.visibility !== 'private')
    fields.push('Access-Control-Expose-Headers', 'Content-Lines, Content-Matches, ETag, X-Request-Id')
  return fields
}
