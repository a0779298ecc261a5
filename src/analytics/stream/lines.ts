import { pipeline, Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'

/** The lines of a gzipped text, one after the other, never the whole of it in memory. Throws when it breaks off. */
export async function* linesOf(compressed: AsyncIterable<Buffer>): AsyncGenerator<string> {
  // An error of the source reaches the reader below through the text.
  const text = pipeline(Readable.from(compressed), createGunzip(), () => {})
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of text as AsyncIterable<Buffer>) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
  if (rest !== '') yield rest
}
