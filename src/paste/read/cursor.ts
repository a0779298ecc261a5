import { hash } from 'node:crypto'
import { AppError } from '../../core/index.ts'

const VERSION = '1'
const CURSOR = /^[A-Za-z0-9_-]{1,200}$/

/** A position in the list of public pastes, after which the next page begins. */
export type Place = { listedAt: number; slug: string }

/** A position as a cursor: opaque to clients, with a checksum, no secret. */
export function encodeCursor(place: Place): string {
  const text = `${VERSION}.${place.listedAt}.${place.slug}`
  return Buffer.from(`${checksum(text)}.${text}`).toString('base64url')
}

/** The position of a cursor. Throws `invalid_cursor` for anything but a result of {@link encodeCursor}. */
export function decodeCursor(cursor: string): Place {
  const text = CURSOR.test(cursor) ? Buffer.from(cursor, 'base64url').toString('latin1') : ''
  const match = /^([0-9a-f]{8})\.((\d)\.(\d{1,15})\.([A-Za-z0-9_-]{1,64}))$/.exec(text)
  const [, sum, signed, version, listedAt, slug] = match ?? []
  if (slug === undefined || signed === undefined || version !== VERSION || checksum(signed) !== sum)
    throw new AppError('invalid_cursor', {
      detail: 'Take the cursor from nextCursor, or leave it out for the first page.',
    })
  return { listedAt: Number(listedAt), slug }
}

function checksum(text: string): string {
  return hash('sha256', text, 'hex').slice(0, 8)
}
