import type { IncomingMessage } from 'node:http'
import { AppError } from '../core/index.ts'
import { type BodySource, readWhole } from './body.ts'
import { enterIfLarge } from './content-coding.ts'
import { parseMediaType } from './parse-media-type.ts'

/** Whether a request's body is multipart/form-data. Throws `unsupported_media_type` for a malformed Content-Type. */
export function isForm({ headers }: Pick<IncomingMessage, 'headers'>): boolean {
  const type = headers['content-type']
  return Boolean(type) && parseMediaType(type ?? '').type === 'multipart/form-data'
}

/**
 * The fields of a small HTML form (`application/x-www-form-urlencoded`, WHATWG URL section 5) of at most
 * `limitBytes` as sent. Throws `duplicate_field`, `unsupported_media_type`, `payload_too_large` and what reading throws.
 */
export async function readFields(source: BodySource, limitBytes: number): Promise<Record<string, string>> {
  const { type } = parseMediaType(source.raw.headers['content-type'] ?? '')
  if (type !== 'application/x-www-form-urlencoded')
    throw new AppError('unsupported_media_type', { detail: 'Send application/x-www-form-urlencoded here.' })
  await enterIfLarge(source, limitBytes)
  const text = (await readWhole(source, limitBytes)).toString('utf8')
  const fields = new URLSearchParams(text)
  const twice = [...fields.keys()].find((name) => fields.getAll(name).length > 1)
  if (twice !== undefined)
    throw new AppError('duplicate_field', {
      detail: `The field ${JSON.stringify(twice)} came twice.`,
      members: { pointer: `/${twice}` },
    })
  return Object.fromEntries(fields)
}
