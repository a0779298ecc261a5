import { incompleteBytes } from '../format/index.ts'
import type { ScannedLine } from './scan.ts'

/** The printed lines of a search, as `grep -n` forms them. */
export type Output = {
  /** Appends `number:text` or `number-text`; of a line that was cut, up to a whole character, and what is missing. */
  print(number: number, separator: ':' | '-', line: ScannedLine): void
  /** Appends `--`, which stands between groups of lines. */
  separate(): void
  sizeBytes(): number
  /** What was printed so far; later prints don't change it. */
  bytes(): Buffer
}

const FIRST_BYTES = 16_384
// The number of a line, its separator, the note on a cut line, the end of the line.
const AROUND_BYTES = 96
const NEWLINE = 0x0a
const ZERO = 0x30
// Below this a loop is quicker than a call into C++.
const SHORT_BYTES = 48

/** An empty output, which grows as it needs to. */
export function createOutput(): Output {
  let output = Buffer.allocUnsafeSlow(FIRST_BYTES)
  let size = 0

  const putNumber = (number: number) => {
    let scale = 1
    while (scale * 10 <= number) scale *= 10
    for (; scale >= 1; scale /= 10) output[size++] = ZERO + (Math.floor(number / scale) % 10)
  }
  const putBytes = (bytes: Buffer, length: number) => {
    if (length > SHORT_BYTES) size += bytes.copy(output, size, 0, length)
    else for (let at = 0; at < length; at++) output[size++] = bytes[at] as number
  }
  return {
    print(number, separator, { text, sizeBytes }) {
      const room = size + text.length + AROUND_BYTES
      if (room > output.length) {
        const larger = Buffer.allocUnsafeSlow(Math.max(room, output.length * 2))
        output.copy(larger, 0, 0, size)
        output = larger
      }
      putNumber(number)
      output[size++] = separator.charCodeAt(0)
      const shown = text.length - (sizeBytes > text.length ? incompleteBytes(text) : 0)
      putBytes(text, shown)
      if (sizeBytes > shown) size += output.write(` …[${sizeBytes - shown} more bytes]`, size)
      output[size++] = NEWLINE
    },
    separate() {
      // There is room: every line printed before left some.
      size += output.write('--\n', size)
    },
    sizeBytes: () => size,
    bytes: () => output.subarray(0, size),
  }
}
