import { Readable } from 'node:stream'
import type { Content } from '../content/index.ts'
import type { Paste } from '../paste/index.ts'

/**
 * `{"content": "…"}` as a stream: 50 MiB of text are never one string. Bytes that are no UTF-8 become U+FFFD, as in
 * every JSON answer.
 */
export function jsonContent(content: Content, paste: Paste): Readable {
  return Readable.from(pieces(content, paste), { objectMode: false })
}

async function* pieces(content: Content, paste: Paste): AsyncGenerator<string> {
  // The decoder holds back a character that is split between two frames, so each piece is whole text.
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  yield '{"content":"'
  for await (const bytes of content.read(paste.content, 0, paste.content.sizeBytes))
    yield JSON.stringify(decoder.decode(bytes, { stream: true })).slice(1, -1)
  yield `${JSON.stringify(decoder.decode()).slice(1, -1)}"}`
}
