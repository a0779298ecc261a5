import { tooLarge } from './body.ts'

/** The beginning of a source, and all of it as a source. `complete`: the beginning is all. */
export type Peeked = { start: Buffer; complete: boolean; source: Buffer | AsyncIterable<Buffer> }

/**
 * Reads a source until `enough` says so of what came so far, or it has more than `mostBytes`, or it ends. Closing the
 * given source is the work of whoever consumes the one that comes back.
 */
export async function peek(
  source: Buffer | AsyncIterable<Buffer>,
  mostBytes: number,
  enough: (start: Buffer) => boolean,
): Promise<Peeked> {
  if (Buffer.isBuffer(source)) return { start: source, complete: true, source }
  const rest = source[Symbol.asyncIterator]()
  let start: Buffer = Buffer.alloc(0)
  do {
    const next = await rest.next()
    if (next.done) return { start, complete: true, source: start }
    // Copies the chunk: its memory is reused for the next one.
    start = Buffer.concat([start, next.value])
  } while (start.length <= mostBytes && !enough(start))
  return { start, complete: false, source: resumed([start], rest) }
}

/** Chunks that were read of a source, then the rest of it, which is closed when this is. */
export async function* resumed(chunks: Buffer[], rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield* chunks.splice(0)
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value
  } finally {
    // Not awaited: closing a source that hangs would hang too.
    rest.return?.()?.catch(() => {})
  }
}

/** All of a source in memory, whose beginning was peeked at. Throws `payload_too_large` with `hint` past `limitBytes`. */
export async function whole({ start, complete, source }: Peeked, limitBytes: number, hint: string): Promise<Buffer> {
  if (complete || Buffer.isBuffer(source)) return start
  const chunks: Buffer[] = []
  let total = 0
  for await (const chunk of source) {
    total += chunk.length
    if (total > limitBytes) throw tooLarge(limitBytes, hint)
    chunks.push(Buffer.from(chunk))
  }
  return Buffer.concat(chunks)
}
