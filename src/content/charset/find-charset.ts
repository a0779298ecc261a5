import { analyse } from 'chardet'
import { CHARSETS } from './charsets.ts'
import type { Sample } from './sample.ts'
import { findUtf16 } from './utf16.ts'

// Of less nothing can be told.
const LEAST_BYTES = 4
// A text has a few of these at most; of random bytes they are one in ten.
const MOST_CONTROLS = 1 / 100
// What the detector gives below this is a guess among many.
const LEAST_CONFIDENCE = 20
// So few bytes that stand beside no letter are damage, not a language.
const FEW_BYTES = 3

// The names that the detector has for charsets that a WHATWG decoder reads under another one.
const SAME_AS: Readonly<Record<string, string>> = {
  'iso-8859-1': 'windows-1252',
  'iso-8859-9': 'windows-1254',
  'iso-8859-8': 'windows-1255',
  'iso-8859-6': 'windows-1256',
}

/**
 * The charset of a content that is no valid UTF-8, as a name of {@link CHARSETS}; undefined when it is no text. `utf-8`
 * where only some bytes are damaged: a log that was cut within a character, or one stray byte in it.
 */
export function findCharset({ head, foreign, sawUtf8 }: Sample): string | undefined {
  const utf16 = findUtf16(head)
  if (utf16 !== undefined) return utf16
  if (head.length < LEAST_BYTES || hasControls(head) || hasControls(foreign)) return undefined
  const { whole, stray, letters } = lookForUtf8(foreign)
  if (sawUtf8 || whole >= stray) return 'utf-8'
  if (whole === 0 && stray <= FEW_BYTES && letters === 0 && stray * FEW_BYTES < foreign.length) return 'utf-8'
  return detect(foreign) ?? (stray * 2 <= foreign.length ? 'windows-1252' : undefined)
}

function detect(foreign: Buffer): string | undefined {
  const found = analyse(foreign).find(({ confidence }) => confidence >= LEAST_CONFIDENCE)
  const name = found?.name.toLowerCase() ?? ''
  const charset = SAME_AS[name] ?? name
  return Object.hasOwn(CHARSETS, charset) && !charset.startsWith('utf-') ? charset : undefined
}

/** Whether there are more control characters than a terminal's output has. */
function hasControls(bytes: Buffer): boolean {
  let controls = 0
  for (const byte of bytes) {
    // \b to \r, and the escape of terminals.
    if (byte < 0x20 && !(byte >= 0x08 && byte <= 0x0d) && byte !== 0x1b) controls++
  }
  return controls > bytes.length * MOST_CONTROLS
}

/** Characters of several bytes that are whole, other bytes above 0x7F, and how many of these touch an ASCII letter. */
function lookForUtf8(bytes: Buffer): { whole: number; stray: number; letters: number } {
  const isLetter = (byte = 0) => /[A-Za-z]/.test(String.fromCharCode(byte))
  let whole = 0
  let stray = 0
  let letters = 0
  for (let at = 0; at < bytes.length; ) {
    const byte = bytes[at] as number
    const length = byte < 0x80 ? 1 : byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2
    const follow = bytes.subarray(at + 1, at + length)
    const isWhole = byte >= 0xc2 && byte < 0xf5 && follow.length === length - 1 && follow.every((one) => one >> 6 === 2)
    if (isWhole) whole++
    else if (byte >= 0x80) {
      stray++
      // Windows-1252 has its letters from 0xC0 on.
      if (byte >= 0xc0 && (isLetter(bytes[at - 1]) || isLetter(bytes[at + 1]))) letters++
    }
    at += isWhole ? length : 1
  }
  return { whole, stray, letters }
}
