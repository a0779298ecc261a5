/** The charsets in which text can be read, by their WHATWG names, and what people call them. */
export const CHARSETS: Readonly<Record<string, string>> = {
  'utf-8': 'UTF-8',
  'utf-16le': 'UTF-16 LE',
  'utf-16be': 'UTF-16 BE',
  'windows-1252': 'Windows-1252 (Western European)',
  'windows-1250': 'Windows-1250 (Central European)',
  'windows-1251': 'Windows-1251 (Cyrillic)',
  'windows-1253': 'Windows-1253 (Greek)',
  'windows-1254': 'Windows-1254 (Turkish)',
  'windows-1255': 'Windows-1255 (Hebrew)',
  'windows-1256': 'Windows-1256 (Arabic)',
  'iso-8859-2': 'ISO-8859-2 (Central European)',
  'iso-8859-5': 'ISO-8859-5 (Cyrillic)',
  'iso-8859-7': 'ISO-8859-7 (Greek)',
  'koi8-r': 'KOI8-R (Russian)',
  ibm866: 'IBM 866 (Russian)',
  shift_jis: 'Shift JIS (Japanese)',
  'euc-jp': 'EUC-JP (Japanese)',
  gb18030: 'GB 18030, GBK (Chinese)',
  big5: 'Big5 (Chinese)',
  'euc-kr': 'EUC-KR (Korean)',
}

/** Bytes of a code unit, and which of a newline's is 0x0A: what has to be known to count lines. */
export type Unit = 'byte' | 'le' | 'be'

/** The unit in which a charset counts; `byte` for one that is unknown. */
export function unitOf(charset: string | undefined): Unit {
  if (charset === 'utf-16le') return 'le'
  return charset === 'utf-16be' ? 'be' : 'byte'
}

/** The charset that a text's media type names, undefined for what is no text. */
export function charsetOf({ mediaType }: { mediaType: string }): string | undefined {
  return /^text\/plain; charset=([\w-]+)$/.exec(mediaType)?.[1]
}

/**
 * Whether a content can be read in this charset: it is known here, and its lines lie where they were counted. What was
 * received as UTF-16 has other line ends than all other charsets.
 */
export function canBeRead(content: { mediaType: string }, charset: string): boolean {
  if (!Object.hasOwn(CHARSETS, charset)) return false
  return (unitOf(charset) === 'byte') === (unitOf(charsetOf(content)) === 'byte')
}
