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

/** The media type of all text, source code, HTML, SVG and so on: what is shown is never run. */
const TEXT = 'text/plain; charset=utf-8'
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
 * The media type to serve a body as: a picture, sound, film or PDF when its first bytes and the claim (type or
 * extension) agree; a PDF without a claim too, it is only ever downloaded; `text/plain` for everything else that is
 * valid UTF-8, whatever the claim; else `application/octet-stream`. A claim that is to be kept replaces these two,
 * unless it names what a browser could run.
 *
 * @param firstBytes the first bytes of the content, 16 are enough
 * @param utf8 whether the whole content is valid UTF-8
 */
export function decideMediaType(firstBytes: Buffer, utf8: boolean, claim: Claim): string {
  const possible = sniff(firstBytes)
  if (possible.length > 0) {
    const agreed = claimedTypes(claim).find((type) => possible.includes(type))
    if (agreed !== undefined) return agreed
    if (!utf8 && possible.includes(PDF)) return PDF
  }
  return keptType(claim) ?? (utf8 ? TEXT : BINARY)
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
