// By code unit; 0: not looked up yet.
const FOLDED = new Uint16Array(0x1_0000)

/**
 * Folds the letters of UTF-8 in place: simple case folding as in Unicode, for all pairs whose two letters take equally
 * many bytes (all but some thirty, such as the Kelvin sign and k). Bytes that are no UTF-8 stay as they are.
 */
export function foldLetters(bytes: Buffer): void {
  for (let at = 0; at < bytes.length; ) {
    const byte = bytes[at] as number
    const length = byte < 0x80 ? 1 : byte >> 5 === 0b110 ? 2 : byte >> 4 === 0b1110 ? 3 : 0
    if (length === 0 || at + length > bytes.length) {
      at++
      continue
    }
    if (length === 1) {
      if (byte >= 0x41 && byte <= 0x5a) bytes[at] = byte | 0x20
    } else if (length === 2) {
      const folded = foldUnit(((byte & 0x1f) << 6) | low(bytes[at + 1]))
      bytes[at] = 0xc0 | (folded >> 6)
      bytes[at + 1] = 0x80 | (folded & 0x3f)
    } else {
      const folded = foldUnit(((byte & 0x0f) << 12) | (low(bytes[at + 1]) << 6) | low(bytes[at + 2]))
      bytes[at] = 0xe0 | (folded >> 12)
      bytes[at + 1] = 0x80 | ((folded >> 6) & 0x3f)
      bytes[at + 2] = 0x80 | (folded & 0x3f)
    }
    at += length
  }
}

function low(byte = 0): number {
  return byte & 0x3f
}

function foldUnit(unit: number): number {
  FOLDED[unit] ||= lookUp(unit)
  return FOLDED[unit] as number
}

function lookUp(unit: number): number {
  const letter = String.fromCharCode(unit)
  // By way of the capital, so that both forms of a small sigma are one letter.
  const folded = letter.toUpperCase().toLowerCase()
  return folded.length === 1 && Buffer.byteLength(folded) === Buffer.byteLength(letter) ? folded.charCodeAt(0) : unit
}
