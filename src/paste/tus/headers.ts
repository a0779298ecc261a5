import type { IncomingHttpHeaders } from 'node:http'
import { sanitiseFileName } from '../../content/index.ts'
import { AppError } from '../../core/index.ts'
import { parseMediaType, tooLarge } from '../../http/index.ts'
import { asksForPrivacy, OPTION_FIELDS } from '../http/index.ts'

/** The supported version and extensions of tus. */
export const TUS = {
  version: '1.0.0',
  extensions: 'creation,creation-with-upload,creation-defer-length,termination,expiration,checksum,concatenation',
} as const

/** The media type of a body that continues an upload. */
export const OFFSET_STREAM = 'application/offset+octet-stream'

/** Throws `unsupported_tus_version` for a request of another version, or of none. */
export function requireVersion(headers: IncomingHttpHeaders): void {
  if (headers['tus-resumable'] !== TUS.version)
    throw new AppError('unsupported_tus_version', {
      detail: `Send Tus-Resumable: ${TUS.version}.`,
      headers: { 'tus-version': TUS.version },
    })
}

/** Whether an upload is one part of a later one, or (a list of their addresses) is made of such parts. */
export type Concat = { header: string; partsOf: string[] | undefined } | undefined

/** What Upload-Concat asks for. Throws `bad_request`. */
export function uploadConcat(headers: IncomingHttpHeaders): Concat {
  const header = headers['upload-concat']
  if (header === undefined) return undefined
  if (header === 'partial') return { header, partsOf: undefined }
  const ids = /^final;\s*(\S.*)$/.exec(`${header}`)?.[1]?.trim().split(/\s+/)
  if (ids === undefined)
    throw new AppError('bad_request', { detail: 'Upload-Concat is partial, or final; and the addresses of the parts.' })
  return { header: `${header}`, partsOf: ids.map((address) => address.slice(address.lastIndexOf('/') + 1)) }
}

/**
 * The length of a whole upload; null where the client doesn't know it yet (`Upload-Defer-Length: 1`). Throws
 * `bad_request`, `empty_content`, `payload_too_large`.
 */
export function newUploadLength(headers: IncomingHttpHeaders, maxBytes: number): number | null {
  if (headers['upload-defer-length'] === undefined) return uploadLength(headers, maxBytes)
  if (headers['upload-defer-length'] === '1' && headers['upload-length'] === undefined) return null
  throw new AppError('bad_request', { detail: 'Send Upload-Length, or Upload-Defer-Length: 1.' })
}

/** The length that Upload-Length names. Throws `bad_request`, `empty_content`, `payload_too_large`. */
export function uploadLength(headers: IncomingHttpHeaders, maxBytes: number): number {
  const lengthBytes = wholeNumber(headers, 'upload-length')
  if (lengthBytes === 0) throw new AppError('empty_content', { detail: 'Upload at least one byte.' })
  if (lengthBytes <= maxBytes) return lengthBytes
  const { code, message, members } = tooLarge(maxBytes)
  throw new AppError(code, { detail: message, members, headers: { 'tus-max-size': `${maxBytes}` } })
}

/** The offset at which a body continues. Throws `bad_request`. */
export function uploadOffset(headers: IncomingHttpHeaders): number {
  return wholeNumber(headers, 'upload-offset')
}

/** Whether a Content-Type is {@link OFFSET_STREAM}. */
export function isOffsetStream(contentType: string | undefined): boolean {
  return contentType !== undefined && parseMediaType(contentType).type === OFFSET_STREAM
}

/** The known entries of Upload-Metadata: options as text, as in a form, and the file's name and type. */
export type UploadMetadata = {
  fields: Record<string, string>
  fileName: string | undefined
  mediaType: string | undefined
}

/**
 * Parses Upload-Metadata: comma-separated pairs of a key and its value in base64. Ignores unknown keys,
 * which upload libraries add, but for those that ask for privacy or an end. Throws `unknown_field` for these,
 * `bad_request` for a malformed header, `invalid_encoding` for a value that is not UTF-8.
 */
export function uploadMetadata(header: string | string[] | undefined): UploadMetadata {
  const values: Record<string, string> = Object.create(null)
  // Some clients send the header without a value when they have nothing to say.
  for (const pair of `${header ?? ''}`.trim() === '' ? [] : `${header}`.split(',')) {
    const [, key, base64 = ''] = /^[ \t]*([^ \t,]+)(?:[ \t]+([A-Za-z0-9+/]*={0,2}))?[ \t]*$/.exec(pair) ?? []
    if (key === undefined) throw new AppError('bad_request', { detail: 'Upload-Metadata is malformed.' })
    if (key in values) throw new AppError('bad_request', { detail: `Upload-Metadata has ${key} twice.` })
    if (!KNOWN.has(key) && asksForPrivacy(key))
      throw new AppError('unknown_field', {
        detail: `There is no option ${JSON.stringify(key)} here.`,
        members: { pointer: `/${key}` },
      })
    values[key] = KNOWN.has(key) ? text(key, base64) : ''
  }
  const fields = Object.fromEntries(Object.entries(values).filter(([key, value]) => OPTION_FIELDS.has(key) && value))
  const { filename, fileName, name, filetype, type } = values
  return {
    fields,
    fileName: sanitiseFileName(filename || fileName || name || undefined),
    mediaType: filetype || type || undefined,
  }
}

const KNOWN = new Set([...OPTION_FIELDS, 'filename', 'fileName', 'name', 'filetype', 'type'])

function text(key: string, base64: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(base64, 'base64'))
  } catch (cause) {
    throw new AppError('invalid_encoding', { detail: `The value of ${key} is not UTF-8.`, cause })
  }
}

function wholeNumber(headers: IncomingHttpHeaders, name: string): number {
  const header = headers[name]
  if (typeof header === 'string' && /^\d{1,15}$/.test(header)) return Number(header)
  throw new AppError('bad_request', { detail: `Send ${name} as a whole number of bytes, once.` })
}
