import { AppError } from '../core/index.ts'

/** A parsed Content-Type: lower-case type, parameters with lower-case names. */
export type MediaType = { type: string; parameters: Record<string, string> }

const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+"
const TYPE = new RegExp(`^(${TOKEN}/${TOKEN})[ \\t]*(?=;|$)`)
const PARAMETER = new RegExp(`^;[ \\t]*(${TOKEN})=(?:(${TOKEN})|"((?:[^"\\\\]|\\\\.)*)")[ \\t]*`)

/**
 * Reads a Content-Type header strictly (RFC 9110 section 8.3.1): no leading blank, no stray characters, at most 255
 * characters, no parameter twice. Throws `unsupported_media_type`.
 */
export function parseMediaType(header: string): MediaType {
  const failure = () => new AppError('unsupported_media_type', { detail: 'The Content-Type header is malformed.' })
  const match = header.length <= 255 ? TYPE.exec(header) : null
  if (!match?.[1]) throw failure()
  const parameters: Record<string, string> = Object.create(null)
  let rest = header.slice(match[0].length)
  for (;;) {
    // RFC 9110 section 5.6.6 allows empty parameters.
    rest = rest.replace(/^(?:;[ \t]*(?=;|$))+/, '')
    if (rest === '') break
    const parameter = PARAMETER.exec(rest)
    const name = parameter?.[1]?.toLowerCase()
    if (!parameter || name === undefined || name in parameters) throw failure()
    parameters[name] = parameter[2] ?? (parameter[3] ?? '').replace(/\\(.)/g, '$1')
    rest = rest.slice(parameter[0].length)
  }
  return { type: match[1].toLowerCase(), parameters }
}

/** Throws `unsupported_charset` unless the charset is UTF-8, ASCII, or absent. */
export function requireUtf8(mediaType: MediaType): void {
  const charset = mediaType.parameters.charset?.toLowerCase()
  if (charset !== undefined && !['utf-8', 'utf8', 'us-ascii', 'ascii'].includes(charset))
    throw new AppError('unsupported_charset', { detail: 'Send JSON in UTF-8.' })
}
