import type { FastifyInstance } from 'fastify'
import { documentedBy, readJson } from '../http/index.ts'
import { type Paste, recordCreate, sourceOf } from '../paste/index.ts'
import { answersAs, bodyOf, type DialectDeps, JSON_TYPE, type Shape } from './dialect.ts'

const loadSchemas = () => import('./dialect-schemas.ts')
const documented = documentedBy(loadSchemas)

const gistShape: Shape = ({ detail }) => ({ mediaType: JSON_TYPE, body: JSON.stringify({ message: detail }) })

/** The calls of GitHub's gists that tools with a host option make, for gists of one file. */
export function gistRoutes(app: FastifyInstance, deps: DialectDeps): void {
  const { pastes, guards, events } = deps
  const errors = answersAs(gistShape)

  app.route({
    method: 'POST',
    url: '/gists',
    onRequest: [errors, ...guards.create],
    config: documented((s) => ({
      operationId: 'createGist',
      summary: 'Make a paste of one file, as a gist',
      tags: ['gist'],
      body: s.GistSchema,
      response: { 201: s.GistViewSchema },
    })),
    handler: async (request, reply) => {
      const gist = await readJson(
        sourceOf(request, reply),
        loadSchemas().then((s) => s.GistSchema),
      )
      const [name = '', file] = Object.entries(gist.files)[0] ?? []
      const created = await pastes.create(
        { title: gist.description || undefined, visibility: gist.public ? 'public' : 'unlisted' },
        bodyOf(file?.content ?? '', name),
      )
      recordCreate(events, 'shell', created, request)
      const view = gistView(created.paste, deps.publicUrl())
      reply.code(201).header('location', view.url).header('x-edit-token', created.editToken)
      reply.header('cache-control', 'no-store')
      return view
    },
  })

  app.route({
    method: 'GET',
    url: '/gists/:id',
    onRequest: [errors, ...guards.lookup],
    config: documented((s) => ({
      operationId: 'getGist',
      summary: 'A paste, as a gist',
      tags: ['gist'],
      params: { type: 'object', properties: { id: { type: 'string' } }, required: ['id'] },
      response: { 200: s.GistViewSchema },
    })),
    handler: async (request, reply) => {
      const paste = await pastes.find((request.params as { id: string }).id)
      reply.header('cache-control', paste.visibility === 'private' ? 'no-store' : 'no-cache')
      return gistView(paste, deps.publicUrl())
    },
  })
}

function gistView(paste: Paste, publicUrl: string) {
  const filename = paste.fileName ?? `${paste.slug}.txt`
  const file = {
    filename,
    type: paste.content.mediaType,
    language: paste.language,
    size: paste.content.sizeBytes,
    raw_url: `${publicUrl}/raw/${paste.slug}`,
  }
  return {
    id: paste.slug,
    url: `${publicUrl}/gists/${paste.slug}`,
    html_url: `${publicUrl}/${paste.slug}`,
    public: paste.visibility === 'public',
    description: paste.title,
    created_at: new Date(paste.createdAt).toISOString(),
    updated_at: new Date(paste.updatedAt).toISOString(),
    files: { [filename]: file },
  }
}
