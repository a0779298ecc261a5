import { setImmediate as nextTurn } from 'node:timers/promises'

const SLICE_BYTES = 64 * 1024

/** Text out of bytes as they come; a character that is cut in two waits for its rest. */
export type Decoder = { push(bytes: Uint8Array): string; end(): string }

/**
 * A decoder of one of the charsets that can be read; what it can't read becomes U+FFFD. The mark of UTF-16 is left out,
 * that of UTF-8 is a character like any other, as it is in the bytes.
 */
export function createDecoder(charset: string): Decoder {
  const decoder = new TextDecoder(charset, { ignoreBOM: charset === 'utf-8' })
  return { push: (bytes) => decoder.decode(bytes, { stream: true }), end: () => decoder.decode() }
}

/**
 * The text of a source, piece by piece. Decodes at most 64 KiB in one turn of the event loop.
 *
 * @param whole whether the source ends where the text does: else a character that is not complete there is left out
 */
export async function* decodeText(
  source: AsyncIterable<Buffer>,
  charset: string,
  whole = true,
): AsyncGenerator<string, void, void> {
  const decoder = createDecoder(charset)
  for await (const bytes of source) {
    for (let at = 0; at < bytes.length; at += SLICE_BYTES) {
      if (at > 0) await nextTurn()
      const text = decoder.push(bytes.subarray(at, at + SLICE_BYTES))
      if (text !== '') yield text
    }
  }
  const rest = whole ? decoder.end() : ''
  if (rest !== '') yield rest
}
