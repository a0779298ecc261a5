import { create } from 'content-disposition'
import { cleanFileName } from './file-name.ts'

// What a double click would run or a browser would open with a script, once saved under its own name.
const ACTIVE = new Set(
  (
    'html htm xhtml xht shtml mht mhtml svg svgz xml xsl xslt rdf js mjs cjs jse vbs vbe wsf wsh ws hta bat cmd com ' +
    'exe scr pif ps1 psm1 reg lnk url scf desktop command jar msi swf'
  ).split(' '),
)

/**
 * Whether a body of this media type is shown by the browser or saved. Only text and the pictures, sounds and films
 * that {@link decideMediaType} gives are shown.
 */
export function disposition(mediaType: string): 'inline' | 'attachment' {
  return /^(?:text\/plain|image\/|audio\/|video\/)/.test(mediaType) && !mediaType.startsWith('image/svg')
    ? 'inline'
    : 'attachment'
}

/**
 * The value of `Content-Disposition` (RFC 6266, names as in RFC 8187): printable ASCII whatever the name holds, so
 * that no name can break or split a header. What is shown and has an active extension gets its kind's behind its name, such
 * as `.txt` or `.png`.
 *
 * The plain name has no `%`, which some browsers decode and others don't; the encoded one has.
 *
 * @param options.download saves it under its own name even if it could be shown
 */
export function contentDisposition(options: {
  mediaType: string
  fileName?: string | null | undefined
  download?: boolean
}): string {
  const { mediaType, fileName, download = false } = options
  const type = download ? 'attachment' : disposition(mediaType)
  if (fileName === null || fileName === undefined) return type
  const clean = cleanFileName(fileName.replaceAll('"', ''))
  const extension = clean.slice(clean.lastIndexOf('.') + 1).toLowerCase()
  const kind = mediaType.startsWith('text/') ? 'txt' : mediaType.replace(/^.*\//, '')
  const name = type === 'inline' && ACTIVE.has(extension) ? `${clean}.${kind}` : clean
  return create(name, { type, fallback: name.replace(/[^\x20-\x7e]|%/gu, '_') })
}
