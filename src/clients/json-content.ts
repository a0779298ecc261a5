import { Readable } from 'node:stream'
import type { Content } from '../content/index.ts'
import type { Paste } from '../paste/index.ts'

/**
 * `{"content": "…"}` as a stream, so that 50 MiB of text are never one string. `member` names it otherwise, `others` are
 * further members. Invalid UTF-8 becomes U+FFFD. Throws the store's errors before the first byte; after that the stream
 * fails.
 */
export async function jsonContent(
  content: Content,
  paste: Paste,
  member = 'content',
  others: Readonly<Record<string, unknown>> = {},
): Promise<Readable> {
  const body = content.read(paste.content, 0, paste.content.sizeBytes)
  const rest = JSON.stringify(others).slice(1)
  const around = { before: `{${JSON.stringify(member)}:"`, after: rest === '}' ? '"}' : `",${rest}` }
  return Readable.from(pieces(await body.next(), body, around), { objectMode: false })
}

async function* pieces(
  first: IteratorResult<Buffer, void>,
  body: AsyncGenerator<Buffer, void>,
  { before, after }: { before: string; after: string },
): AsyncGenerator<string> {
  // The decoder buffers a character that is split between two frames, so each piece is valid text.
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  yield before
  for (let next = first; !next.done; next = await body.next())
    yield JSON.stringify(decoder.decode(next.value, { stream: true })).slice(1, -1)
  yield JSON.stringify(decoder.decode()).slice(1, -1) + after
}
