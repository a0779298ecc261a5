import type { FastifyReply } from 'fastify'
import type { Content } from '../../content/index.ts'
import { inBackground, type Logger } from '../../core/index.ts'
import type { Claimed } from '../model/index.ts'
import { contentHeaders } from './content-headers.ts'
import { sendStream } from './send-stream.ts'

/**
 * Sends the whole content of a claim, uncached. If its first bytes can't be read, releases the claim and throws; after
 * the first byte the claim counts, whether or not the content arrives.
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
  const response = {
    status: 200,
    fields: [...fields, 'Content-Length', `${content.sizeBytes}`],
    length: content.sizeBytes,
    halfClosedIsGone: true,
  }
  try {
    await sendStream(reply, response, (signal) => deps.content.read(content, 0, response.length, signal), deps.logger)
  } catch (error) {
    await claimed.release()
    throw error
  }
  inBackground(claimed.keep)
  return reply
}
