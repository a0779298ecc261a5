import { parse } from 'secure-json-parse'
import type { Static, TSchema } from 'typebox'
import { AppError, type ProblemCode } from '../core/index.ts'
import type { BodySource } from './body.ts'
import { readWholeContent } from './content-coding.ts'
import { parseMediaType, requireUtf8 } from './parse-media-type.ts'
import { validate } from './validate.ts'

/** JSON is held in memory while it is read; larger text goes raw or as multipart, which stream. */
export const JSON_LIMIT_BYTES = 4 * 1024 * 1024
const HINT = 'Send larger content as a raw body or as multipart/form-data.'

/**
 * A JSON body (RFC 8259) of at most `limitBytes` (4 MiB), checked against a schema. Of duplicate names the last wins.
 * Throws as {@link readJsonValue} and {@link validate} do.
 */
export async function readJson<Schema extends TSchema>(
  source: BodySource,
  schema: Schema | Promise<Schema>,
  codes?: Record<string, ProblemCode>,
  limitBytes = JSON_LIMIT_BYTES,
): Promise<Static<Schema>> {
  return validate(schema, await readJsonValue(source, limitBytes), codes)
}

/**
 * The value of a JSON body, unchecked. Throws `unsupported_media_type`, `unsupported_charset`, what reading the content
 * throws, `invalid_encoding` (not UTF-8), `invalid_json` (syntax, or a member that would reach an object's prototype).
 */
export async function readJsonValue(source: BodySource, limitBytes = JSON_LIMIT_BYTES): Promise<unknown> {
  const mediaType = parseMediaType(source.raw.headers['content-type'] ?? '')
  if (mediaType.type !== 'application/json')
    throw new AppError('unsupported_media_type', { detail: 'Send application/json here.' })
  requireUtf8(mediaType)
  return decodeJson(await readWholeContent(source, limitBytes, limitBytes === JSON_LIMIT_BYTES ? HINT : undefined))
}

/** Bytes as a JSON value. Throws `invalid_encoding` and `invalid_json`. */
export function decodeJson(bytes: Buffer): unknown {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new AppError('invalid_encoding', { detail: 'The body has bytes that are not UTF-8.', cause })
  }
  try {
    return parse(text, { protoAction: 'error', constructorAction: 'error' })
  } catch (cause) {
    throw new AppError('invalid_json', { detail: 'The body is not valid JSON, or has a forbidden member name.', cause })
  }
}
