import type { FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../core/index.ts'
import { decodeJson, JSON_LIMIT_BYTES, readWholeContent, validate } from '../http/index.ts'
import { expiryOfWords, type Paste, recordCreate, recordView, sourceOf } from '../paste/index.ts'
import { type DialectDeps, JSON_TYPE, type Shape } from './dialect.ts'
import type { OtherCall } from './shell.ts'

const loadSchemas = () => import('./dialect-schemas.ts')
const ID_BYTES = 8
const ID = /^[0-9a-f]{16}$/

/** PrivateBin's errors are 200 with a status in the document. */
const privatebinShape: Shape = ({ detail }) => ({
  status: 200,
  mediaType: JSON_TYPE,
  body: JSON.stringify({ status: 1, message: detail }),
})

/**
 * PrivateBin's `POST /` (format 2, lib/Controller.php): stores an envelope as the content of a private paste, or deletes
 * one. The key never comes here. An open discussion is refused: there are no comments.
 */
export function privatebinPost(deps: DialectDeps): OtherCall {
  const { pastes, events } = deps
  return (request, reply) => {
    if (!isApi(request)) return undefined
    request.problemShape = privatebinShape
    return post(request, reply)
  }

  async function post(request: FastifyRequest, reply: FastifyReply): Promise<object> {
    reply.header('cache-control', 'no-store')
    const value = decodeJson(await readWholeContent(sourceOf(request, reply), JSON_LIMIT_BYTES))
    const schemas = await loadSchemas()
    if (typeof value === 'object' && value !== null && 'pasteid' in value) {
      const { pasteid, deletetoken } = await validate(schemas.PrivateBinDeletionSchema, value)
      events.happened('delete', 'shell', await pastes.remove(pasteid, deletetoken), request)
      return { status: 0, id: pasteid }
    }
    const { v, adata, ct, meta } = await validate(schemas.PrivateBinSchema, value)
    if (adata[2] === 1) throw new AppError('validation_failed', { detail: 'There are no discussions here.' })
    const created = await pastes.create(
      {
        slug: deps.random.bytes(ID_BYTES).toString('hex'),
        // Its 64 random bits are not the secret: the key that opens the envelope never comes here.
        visibility: 'unlisted',
        ...(meta.expire && { expiresIn: expiryOfWords(meta.expire) }),
        ...(adata[3] === 1 && { burnAfterReading: true }),
      },
      { source: Buffer.from(JSON.stringify({ v, adata, ct })) },
    )
    recordCreate(events, 'shell', created, request)
    const id = created.paste.slug
    return { status: 0, id, url: `/?${id}`, deletetoken: created.editToken }
  }
}

/**
 * PrivateBin's `GET /?ID`, `/?ID=` and `/?pasteid=ID` by a client of its API, and `/?jsonld=paste`. Such a request uses up
 * the reading of a paste to be read once: its header is none that a preview or a browser's address line sends.
 */
export function privatebinGet(deps: DialectDeps): OtherCall {
  const { pastes, events } = deps
  return (request, reply) => {
    const query = request.query as Record<string, unknown>
    if (query.jsonld === 'paste')
      return Promise.resolve(reply.type('application/ld+json').send({ '@context': { v: { '@value': 2 } } }))
    if (!isApi(request)) return undefined
    request.problemShape = privatebinShape
    return get(request, reply, `${query.pasteid ?? Object.keys(query)[0]}`)
  }

  async function get(request: FastifyRequest, reply: FastifyReply, id: string): Promise<object> {
    if (!ID.test(id)) throw noEnvelope()
    reply.header('cache-control', 'no-store')
    const paste = await pastes.find(id)
    // Read before it is counted, so that a paste of another kind loses no reading.
    const envelope = await envelopeOf(paste)
    if (request.method === 'HEAD') return {}
    if (paste.maxViews === null) recordView(events, 'shell', paste, request)
    else {
      const claimed = await pastes.claim(id)
      await claimed.keep()
      events.happened('claim', 'shell', claimed.paste, request)
    }
    const { createdAt, expiresAt } = paste
    const left = expiresAt === null ? {} : { time_to_live: Math.ceil((expiresAt - deps.clock.now()) / 1_000) }
    return {
      status: 0,
      id,
      url: `/?${id}`,
      ...envelope,
      meta: { created: Math.floor(createdAt / 1_000), ...left },
      comments: [],
      comment_count: 0,
      comment_offset: 0,
      '@context': '?jsonld=paste',
    }
  }

  async function envelopeOf({ content }: Paste): Promise<object> {
    if (content.sizeBytes > JSON_LIMIT_BYTES) throw noEnvelope()
    const chunks: Buffer[] = []
    for await (const chunk of deps.content.read(content, 0, content.sizeBytes)) chunks.push(Buffer.from(chunk))
    const { v, adata, ct } = await validate(
      loadSchemas().then((s) => s.PrivateBinSchema),
      { ...parsed(Buffer.concat(chunks)), meta: {} },
    ).catch(() => {
      throw noEnvelope()
    })
    return { v, adata, ct }
  }
}

function isApi({ headers }: FastifyRequest): boolean {
  return headers['x-requested-with'] === 'JSONHttpRequest'
}

function noEnvelope(): AppError {
  return new AppError('not_found', { detail: 'Paste does not exist, has expired or has been deleted.' })
}

function parsed(bytes: Buffer): object {
  const value = decodeJson(bytes)
  return typeof value === 'object' && value !== null ? value : {}
}
