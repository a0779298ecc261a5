import { Readable } from 'node:stream'
import type { Content } from '../content/index.ts'
import type { Paste } from '../paste/index.ts'

/**
 * `{"content": "…"}` as a stream: 50 MiB of text are never one string. Bytes that are no UTF-8 become U+FFFD, as in
 * every JSON answer. Throws what the store throws before the first byte; after that the stream fails.
 */
export async function jsonContent(content: Content, paste: Paste): Promise<Readable> {
  const body = content.read(paste.content, 0, paste.content.sizeBytes)
  return Readable.from(pieces(await body.next(), body), { objectMode: false })
}

async function* pieces(
  first: IteratorResult<Buffer, void>,
  body: AsyncGenerator<Buffer, void>,
): AsyncGenerator<string> {
  // The decoder holds back a character that is split between two frames, so each piece is whole text.
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  yield '{"content":"'
  for (let next = first; !next.done; next = await body.next())
    yield JSON.stringify(decoder.decode(next.value, { stream: true })).slice(1, -1)
  yield `${JSON.stringify(decoder.decode()).slice(1, -1)}"}`
}
