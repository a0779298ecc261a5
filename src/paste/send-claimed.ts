import type { FastifyReply } from 'fastify'
import type { Content } from '../content/index.ts'
import type { Logger } from '../core/index.ts'
import type { Claimed } from './paste.ts'
import { rawHeaders } from './raw-headers.ts'
import { sendStream } from './send-stream.ts'

/**
 * Sends the content of a claim, whole and to be kept by nobody. If not even its first bytes can be read, the claim is
 * taken back and the failure thrown; from the first byte on it counts, whether or not it arrives.
 */
export async function sendClaimed(
  reply: FastifyReply,
  claimed: Claimed,
  deps: { content: Content; logger: Logger },
  as: 'inline' | 'attachment' = 'inline',
): Promise<FastifyReply> {
  const { content } = claimed.paste
  const gone = new AbortController()
  const source = deps.content.read(content, 0, content.sizeBytes, gone.signal)
  const first = await source.next().catch(async (error) => {
    await claimed.release()
    throw error
  })
  const headers = rawHeaders(
    { ...claimed.paste, visibility: 'private' },
    { as, encoding: 'identity', negotiated: false },
  )
  reply.hijack()
  reply.raw.writeHead(200, [...headers, 'Content-Length', `${content.sizeBytes}`])
  const open = (signal: AbortSignal) => {
    signal.addEventListener('abort', () => gone.abort(), { once: true })
    return resumed(first, source)
  }
  sendStream(reply.raw, open, content.sizeBytes, deps.logger)
  return reply
}

async function* resumed(
  first: IteratorResult<Buffer, void>,
  rest: AsyncGenerator<Buffer, void>,
): AsyncGenerator<Buffer> {
  if (!first.done) yield first.value
  yield* rest
}
