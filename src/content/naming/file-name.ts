const MAX_NAME_BYTES = 255
const NO_NAME = 'file'
const DROPPED_AT_END = /(?<![.\s])[.\s]+$|^[.\s]+$/u

// C0, DEL and C1; soft hyphen; Arabic letter mark and the other bidi controls; zero width; line separators; tags.
const INVISIBLE =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu

/**
 * The name under which a file is shown: last segment of a path of either kind, without control, bidi and zero-width
 * characters, colons and dots at the end, `file` when nothing is left. Undefined when no name was given. A name of more than 255 bytes of UTF-8 is
 * shortened before its extension. The result is for people only: never a path, never a key.
 */
export function sanitiseFileName(raw: string | undefined): string | undefined {
  if (raw === undefined) return undefined
  const name = cleanFileName(raw)
  if (Buffer.byteLength(name) <= MAX_NAME_BYTES) return name
  const extension = /\.[A-Za-z0-9]{1,16}$/.exec(name)?.[0] ?? ''
  return `${firstBytes(name, MAX_NAME_BYTES - extension.length)}${extension}`
}

/** The first whole characters of a text within a number of bytes. */
function firstBytes(text: string, mostBytes: number): string {
  const { read } = new TextEncoder().encodeInto(text, new Uint8Array(mostBytes))
  return text.slice(0, read)
}

/** {@link sanitiseFileName} for names of any length. */
export function cleanFileName(raw: string): string {
  const segment = raw.slice(Math.max(raw.lastIndexOf('/'), raw.lastIndexOf('\\')) + 1)
  // Windows drops dots and blanks at the end and what follows a colon, which names a stream: `a.html.` is `a.html` there.
  const name = segment.toWellFormed().replace(INVISIBLE, '').replaceAll(':', '_').trim().replace(DROPPED_AT_END, '')
  return name === '' ? NO_NAME : name
}
