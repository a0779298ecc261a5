import type { IncomingMessage } from 'node:http'
import { AppError } from '../core/index.ts'
import { type BodySource, readWhole } from './body.ts'
import { enterIfLarge } from './content-coding.ts'
import { parseMediaType } from './parse-media-type.ts'

/** Whether a request's body is multipart/form-data. Throws `unsupported_media_type` for a malformed Content-Type. */
export function isForm({ headers }: Pick<IncomingMessage, 'headers'>): boolean {
  const type = headers['content-type']
  return type !== undefined && parseMediaType(type).type === 'multipart/form-data'
}

/**
 * The fields of a small HTML form (`application/x-www-form-urlencoded`, WHATWG URL section 5) of at most
 * `limitBytes` as sent. A field that comes twice counts as its last. Throws `unsupported_media_type`,
 * `payload_too_large` and what reading throws.
 */
export async function readFields(source: BodySource, limitBytes: number): Promise<Record<string, string>> {
  const { type } = parseMediaType(source.raw.headers['content-type'] ?? '')
  if (type !== 'application/x-www-form-urlencoded')
    throw new AppError('unsupported_media_type', { detail: 'Send application/x-www-form-urlencoded here.' })
  await enterIfLarge(source, limitBytes)
  const text = (await readWhole(source, limitBytes)).toString('utf8')
  return Object.fromEntries(new URLSearchParams(text))
}
