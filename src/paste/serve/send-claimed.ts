import type { FastifyReply } from 'fastify'
import type { Content } from '../../content/index.ts'
import type { Logger } from '../../core/index.ts'
import type { Claimed } from '../model/index.ts'
import { contentHeaders } from './content-headers.ts'
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
  const how = { as, encoding: 'identity', negotiated: false } as const
  const fields = contentHeaders({ ...claimed.paste, visibility: 'private' }, how)
  const head = { status: 200, fields: [...fields, 'Content-Length', `${content.sizeBytes}`], length: content.sizeBytes }
  try {
    return await sendStream(reply, head, (signal) => deps.content.read(content, 0, head.length, signal), deps.logger)
  } catch (error) {
    await claimed.release()
    throw error
  }
}
