import { Readable } from 'node:stream'
import type { Content } from '../content/index.ts'
import type { Paste } from '../paste/index.ts'

/**
 * `{"content": "…"}` as a stream, so that 50 MiB of text are never one string. Invalid UTF-8 becomes U+FFFD. Throws the
 * store's errors before the first byte; after that the stream fails.
 */
export async function jsonContent(content: Content, paste: Paste): Promise<Readable> {
  const body = content.read(paste.content, 0, paste.content.sizeBytes)
  return Readable.from(pieces(await body.next(), body), { objectMode: false })
}

async function* pieces(
  first: IteratorResult<Buffer, void>,
  body: AsyncGenerator<Buffer, void>,
): AsyncGenerator<string> {
  // The decoder buffers a character that is split between two frames, so each piece is valid text.
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  yield '{"content":"'
  for (let next = first; !next.done; next = await body.next())
    yield JSON.stringify(decoder.decode(next.value, { stream: true })).slice(1, -1)
  yield `${JSON.stringify(decoder.decode()).slice(1, -1)}"}`
}
