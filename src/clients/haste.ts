import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { documentedBy, isForm, wantsPage } from '../http/index.ts'
import { creatorOf, needsClaim, recordCreate, recordView, type Serving } from '../paste/index.ts'
import { answersAs, type DialectDeps, JSON_TYPE, type Shape, withoutEnding } from './dialect.ts'
import { jsonContent } from './json-content.ts'

const documented = documentedBy(() => import('./dialect-schemas.ts'))
const AS_HASTE: Serving = { as: 'inline', negotiated: true, via: 'shell' }
const KEY_PARAMS = { type: 'object', properties: { key: { type: 'string' } }, required: ['key'] }

/** haste-server's errors are `{"message"}`; clients show it. */
const hasteShape: Shape = ({ status, detail }) => ({
  mediaType: JSON_TYPE,
  body: JSON.stringify({ message: status === 404 ? 'Document not found.' : detail }),
})

/**
 * haste-server's calls (README of toptal/haste-server): the body is the text whatever its Content-Type says, as curl and the
 * gem call it a form; and 200 is the only success that the gem knows. `/raw/:key` is the paste room's own.
 */
export function hasteRoutes(app: FastifyInstance, deps: DialectDeps): void {
  const { pastes, guards, events } = deps
  const creator = creatorOf(deps)
  const errors = answersAs(hasteShape)
  const keyOf = (request: FastifyRequest) => withoutEnding((request.params as { key: string }).key)

  app.route({
    method: 'POST',
    url: '/documents',
    onRequest: [errors, ...guards.create],
    config: documented((s) => ({
      operationId: 'createHasteDocument',
      summary: 'Make a paste, as haste-server does',
      tags: ['haste'],
      body: s.AnyBody,
      response: { 200: s.HasteCreatedSchema, default: s.MessageSchema },
    })),
    handler: async (request, reply) => {
      const created = await (isForm(request) ? creator.ofForm(request, reply) : creator.ofRaw(request, reply))
      recordCreate(events, 'shell', created, request)
      reply.header('x-edit-token', created.editToken).header('cache-control', 'no-store')
      return { key: created.paste.slug }
    },
  })

  app.route({
    method: 'GET',
    url: '/documents/:key',
    onRequest: [errors, ...guards.lookup],
    config: documented((s) => ({
      operationId: 'getHasteDocument',
      summary: 'The text as JSON, as haste-server does',
      tags: ['haste'],
      params: KEY_PARAMS,
      response: { 200: s.HasteDocumentSchema, default: s.MessageSchema },
    })),
    handler: async (request, reply) => {
      const paste = await pastes.find(keyOf(request))
      if (paste.maxViews !== null) throw needsClaim(paste)
      reply.type(JSON_TYPE).header('cache-control', 'no-store')
      if (request.method === 'HEAD') return reply.send()
      const stream = await jsonContent(deps.content, paste, 'data', { key: paste.slug })
      recordView(events, 'shell', paste, request)
      return reply.send(stream)
    },
  })

  // The address that posthaste prints.
  app.route({
    method: 'GET',
    url: '/share/:key',
    onRequest: guards.lookup,
    handler: async (request: FastifyRequest, reply: FastifyReply) => {
      const slug = keyOf(request)
      if (wantsPage(request.headers)) return reply.redirect(`${deps.base}/${encodeURIComponent(slug)}`, 302)
      return deps.serveContent(request, reply, await pastes.find(slug), AS_HASTE)
    },
  })
}
