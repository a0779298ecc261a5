import { sniff } from './signatures.ts'

/** What the client claims about a body; accepted only where the bytes agree. */
export type Claim = {
  /** A media type, with or without parameters, as it came in `Content-Type`. */
  mediaType?: string | undefined
  /** The file's name, for its extension. */
  fileName?: string | undefined
  /** Serve it as the claimed type, if that is inert. */
  keepMediaType?: boolean | undefined
}

// As one header has it, and short enough for the row. Nothing but the character set is kept beside the type.
const KEPT = /^(?:application|text)\/[a-z0-9][a-z0-9.+-]{0,60}(?:; ?charset=utf-8)?$/i
// What a browser may run, render, embed or install, whatever else the name says.
const ACTIVE = /html|xml|svg|script|css|wasm|flash|pdf|manifest|rules|x509|pkix|pkcs|mht/i

const BINARY = 'application/octet-stream'
const PDF = 'application/pdf'

const BY_EXTENSION: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  jfif: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  avif: 'image/avif',
  mp3: 'audio/mpeg',
  aac: 'audio/aac',
  ogg: 'audio/ogg',
  oga: 'audio/ogg',
  opus: 'audio/ogg',
  flac: 'audio/flac',
  wav: 'audio/wav',
  m4a: 'audio/mp4',
  weba: 'audio/webm',
  webm: 'video/webm',
  mp4: 'video/mp4',
  m4v: 'video/mp4',
  mov: 'video/quicktime',
  ogv: 'video/ogg',
  pdf: PDF,
}

const ALIASES: Readonly<Record<string, string>> = {
  'image/jpg': 'image/jpeg',
  'image/pjpeg': 'image/jpeg',
  'audio/mp3': 'audio/mpeg',
  'audio/x-wav': 'audio/wav',
  'audio/wave': 'audio/wav',
  'audio/vnd.wave': 'audio/wav',
  'audio/x-flac': 'audio/flac',
  'audio/x-m4a': 'audio/mp4',
  'video/x-m4v': 'video/mp4',
  'application/ogg': 'audio/ogg',
}

/**
 * The media type to serve a body as. What it is decides, not its name: a picture, sound, film, PDF or archive by its
 * first bytes, and the claim (type or extension) only among the kinds that these allow; `text/plain` with its charset
 * for all text, source code, HTML, SVG and so on, since what is shown is never run; else `application/octet-stream`.
 * Where a signature is short enough to begin a text, or the whole is valid UTF-8, the claim has to agree. A
 * claim that is to be kept replaces text and unknown bytes, unless it names what a browser could run.
 *
 * @param firstBytes the first bytes of the content, 16 are enough
 * @param text its charset if it is text, and whether the whole of it is valid UTF-8
 */
export function decideMediaType(
  firstBytes: Buffer,
  text: { charset: string | undefined; utf8: boolean },
  claim: Claim,
): string {
  const { types, sure } = sniff(firstBytes)
  const agreed = claimedTypes(claim).find((type) => types.includes(type))
  if (agreed !== undefined) return agreed
  if (sure && !text.utf8 && types[0] !== undefined) return types[0]
  return keptType(claim) ?? (text.charset === undefined ? BINARY : `text/plain; charset=${text.charset}`)
}

function keptType({ mediaType = '', keepMediaType }: Claim): string | undefined {
  return keepMediaType && KEPT.test(mediaType) && !ACTIVE.test(mediaType) ? mediaType : undefined
}

function claimedTypes({ mediaType, fileName }: Claim): string[] {
  const essence = mediaType?.split(';', 1)[0]?.trim().toLowerCase() ?? ''
  const extension = fileName?.slice(fileName.lastIndexOf('.') + 1).toLowerCase() ?? ''
  const byExtension = Object.hasOwn(BY_EXTENSION, extension) ? BY_EXTENSION[extension] : undefined
  return [Object.hasOwn(ALIASES, essence) ? (ALIASES[essence] ?? essence) : essence, byExtension ?? '']
}
