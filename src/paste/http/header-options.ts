import type { IncomingHttpHeaders } from 'node:http'
import { AppError } from '../../core/index.ts'
import { expiryOfWords } from '../../expiry/index.ts'
import { type Place, withTypes } from './option-places.ts'

/** Headers by which clients of other pastebins ask for what an option here does: transfer.sh, rustypaste, bytebin. */
const KNOWN: Readonly<Record<string, (value: string) => Record<string, string>>> = {
  'max-downloads': (value) => ({ maxViews: value }),
  'max-days': (value) => ({ expiresIn: `${value}d` }),
  'bytebin-max-reads': (value) => ({ maxViews: value }),
  expire: (value) => ({ expiresIn: `${expiryOfWords(value)}` }),
}
/** Headers that ask for a secret or an end in a way that has no option here. */
const REFUSED = ['x-encrypt-password', 'wastebin-password', 'linx-access-key', 'linx-expiry']

/**
 * The options in a request's headers. Throws `unknown_field` for a known one that can't be honoured, and `bad_request`
 * where the body is only a part of the content: a part must not be stored as the whole.
 */
export function headerOptions(headers: IncomingHttpHeaders): Place | undefined {
  refusePart(headers)
  for (const name of REFUSED)
    if (headers[name] !== undefined)
      throw new AppError('unknown_field', {
        detail: `The header ${name} asks for what this service does not do. Leave it out, or see /help for options.`,
        members: { pointer: `/${name}` },
      })
  let values: Record<string, string> | undefined
  for (const name in KNOWN) {
    const value = headers[name]
    if (typeof value === 'string' && value !== '') values = { ...values, ...KNOWN[name]?.(value) }
  }
  return values && { name: 'the headers', values: withTypes(values) }
}

/** Throws `bad_request` for a body that says it is not the whole content (RFC 9110 section 14.5, the IETF's resumable uploads). */
export function refusePart(headers: IncomingHttpHeaders): void {
  const complete = headers['upload-complete']
  if (headers['content-range'] === undefined && (complete === undefined || complete === '?1')) return
  throw new AppError('bad_request', {
    detail: 'Send the whole content here. Uploads in parts speak tus 1.0.0 at /api/v1/uploads.',
  })
}
