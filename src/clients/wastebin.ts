import type { FastifyReply, FastifyRequest } from 'fastify'
import { validate } from '../http/index.ts'
import { type OtherJson, recordCreate } from '../paste/index.ts'
import { bodyOf, type DialectDeps, JSON_TYPE, type Shape } from './dialect.ts'

const loadSchemas = () => import('./dialect-schemas.ts')
const ENDING = /^[A-Za-z0-9+#-]{1,32}$/

const wastebinShape: Shape = ({ detail }) => ({ mediaType: JSON_TYPE, body: JSON.stringify({ message: detail }) })

/**
 * wastebin's `POST /` (matze/wastebin, handlers/insert/api.rs): JSON with `text`. There is no password here, so a document
 * with one is refused like any unknown member.
 */
export function wastebinJson({ pastes, events }: DialectDeps) {
  return (request: FastifyRequest, reply: FastifyReply): OtherJson<{ path: string }> =>
    (value) => {
      if (typeof value.text !== 'string' || value.content !== undefined) return undefined
      request.problemShape = wastebinShape
      return create(request, reply, value)
    }

  async function create(request: FastifyRequest, reply: FastifyReply, value: Record<string, unknown>) {
    const { password, ...known } = value
    const paste = await validate(
      loadSchemas().then((s) => s.WastebinPasteSchema),
      password === null ? known : value,
    )
    const options = {
      title: paste.title ?? undefined,
      language: paste.extension || undefined,
      // A wastebin takes 0 for never.
      expiresIn: paste.expires === 0 ? 'never' : (paste.expires ?? undefined),
      ...(paste.burn_after_reading && { burnAfterReading: true }),
    }
    const created = await pastes.create(options, bodyOf(paste.text))
    recordCreate(events, 'shell', created, request)
    reply.header('x-edit-token', created.editToken).header('cache-control', 'no-store')
    const { slug } = created.paste
    return { path: ENDING.test(paste.extension ?? '') ? `/${slug}.${paste.extension}` : `/${slug}` }
  }
}
