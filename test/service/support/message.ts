import type { Ask } from './wire.ts'

/** Header fields; a list sends the field several times. */
export type Fields = Record<string, string | string[]>

/** A part of a form. `head` replaces the whole head of the part, bytes and all. */
export type FormPart = { name?: string; fileName?: string; value: string | Buffer; head?: string | Buffer }

export const BOUNDARY = 'boundary-of-the-test'
const FORM_TYPE = `multipart/form-data; boundary=${BOUNDARY}`

/**
 * A request as bytes, by its start (`POST /path`). Host and Content-Length are added where `fields` doesn't name them
 * and, for the length, no Transfer-Encoding; an empty string as value leaves a field out.
 */
export function request(start: string, fields: Fields = {}, body?: string | Buffer): Ask {
  const named = new Set(Object.keys(fields).map((name) => name.toLowerCase()))
  const lines = [`${start} HTTP/1.1`]
  if (!named.has('host')) lines.push('Host: paste.test')
  if (body !== undefined && !named.has('content-length') && !named.has('transfer-encoding'))
    lines.push(`Content-Length: ${Buffer.byteLength(body)}`)
  for (const [name, value] of Object.entries(fields))
    for (const one of [value].flat()) if (one !== '') lines.push(`${name}: ${one}`)
  // latin1: one character of a header is one byte on the wire.
  return { bytes: Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), Buffer.from(body ?? '')]) }
}

/** `POST /api/v1/pastes` with a JSON text, sent as it is. */
export function json(text: string | Buffer, fields: Fields = {}): Ask {
  return request('POST /api/v1/pastes', { 'Content-Type': 'application/json', ...fields }, text)
}

/** `POST /api/v1/pastes` with JSON made of a value; `content` is there unless the value says otherwise. */
export function paste(options: Record<string, unknown>, fields: Fields = {}): Ask {
  return json(JSON.stringify({ content: 'some text', ...options }), fields)
}

/** `POST /api/v1/pastes` with raw bytes; options in the query string. */
export function raw(body: string | Buffer, fields: Fields = {}, query = ''): Ask {
  return request(`POST /api/v1/pastes${query}`, { 'Content-Type': 'application/octet-stream', ...fields }, body)
}

/** A form's body, complete with its closing boundary. */
export function formBody(parts: FormPart[]): Buffer {
  const pieces = parts.flatMap((part) => [
    Buffer.from(`--${BOUNDARY}\r\n`),
    Buffer.from(part.head ?? headOf(part)),
    Buffer.from('\r\n\r\n'),
    Buffer.from(part.value),
    Buffer.from('\r\n'),
  ])
  return Buffer.concat([...pieces, Buffer.from(`--${BOUNDARY}--\r\n`)])
}

/** `POST /api/v1/pastes` as a form; give its parts, or the exact bytes of its body. */
export function form(parts: FormPart[] | string | Buffer, fields: Fields = {}): Ask {
  const body = Array.isArray(parts) ? formBody(parts) : parts
  return request('POST /api/v1/pastes', { 'Content-Type': FORM_TYPE, ...fields }, body)
}

/** A file part. */
export function file(value: string | Buffer = 'some text', fileName = 'a.txt'): FormPart {
  return { name: 'file', fileName, value }
}

/** Chunks of a chunked body (RFC 9112 section 7.1), the last chunk included. */
export function chunked(...chunks: (string | Buffer)[]): Buffer {
  const pieces = chunks.flatMap((chunk) => [
    Buffer.from(`${Buffer.byteLength(chunk).toString(16)}\r\n`),
    Buffer.from(chunk),
    Buffer.from('\r\n'),
  ])
  return Buffer.concat([...pieces, Buffer.from('0\r\n\r\n')])
}

function headOf({ name, fileName }: FormPart): string {
  const disposition = ['form-data']
  if (name !== undefined) disposition.push(`name="${name}"`)
  if (fileName !== undefined) disposition.push(`filename="${fileName}"`)
  const type = fileName === undefined ? '' : '\r\nContent-Type: text/plain'
  return `Content-Disposition: ${disposition.join('; ')}${type}`
}
