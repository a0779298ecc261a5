import { createDecoder } from '../charset/index.ts'
import { countNewlines } from '../format/index.ts'
import type { Borrowed, FrameSource } from '../frames/index.ts'

/** Bytes that follow those of the piece before, and the number of the line to which their first one belongs. */
export type Piece = { content: Buffer; firstLine: number }

const AHEAD = 2
/** No byte of any charset becomes more bytes of UTF-8 than that. */
const GROWTH = 3

/** The frames of a content as they are stored, two ahead; each is valid until the next one is asked for. */
export async function* framesOf(
  source: FrameSource,
  signal: AbortSignal | undefined,
): AsyncGenerator<Piece, void, void> {
  const coming: Promise<Borrowed>[] = []
  for (const [index, { firstLine }] of source.frames.entries()) {
    while (coming.length <= AHEAD && index + coming.length < source.frames.length) {
      const frame = source.borrow(index + coming.length, signal)
      // Its failure is unobserved if the search ends first.
      frame.catch(() => {})
      coming.push(frame)
    }
    const { content, release } = await (coming.shift() as Promise<Borrowed>)
    yield { content, firstLine }
    // The scanner may still need the last frame to finish the last line.
    if (coming.length > 0) release()
  }
}

/**
 * The same content as UTF-8, in pieces of whole characters. Decoders keep line ends, so the numbers stay right.
 *
 * @param mostBytes of a piece
 */
export async function* decoded(
  frames: AsyncIterable<Piece>,
  charset: string,
  mostBytes: number,
): AsyncGenerator<Piece, void, void> {
  const decoder = createDecoder(charset)
  const sliceBytes = Math.floor(mostBytes / GROWTH)
  let firstLine = 1
  const piece = (text: string): Piece => {
    const made = { content: Buffer.from(text), firstLine }
    firstLine += countNewlines(made.content)
    return made
  }
  for await (const { content } of frames)
    for (let at = 0; at < content.length; at += sliceBytes)
      yield piece(decoder.push(content.subarray(at, at + sliceBytes)))
  const rest = decoder.end()
  if (rest !== '') yield piece(rest)
}
