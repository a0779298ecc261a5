import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { AppError, isAppError } from '../../core/index.ts'
import { declaredBytes, readBody } from '../../http/index.ts'
import {
  fieldPlace,
  idempotencyKey,
  type PasteRouteDeps,
  refuseOtherQuery,
  requestOptions,
  requireIdentity,
  sourceOf,
} from '../http/index.ts'
import {
  isOffsetStream,
  OFFSET_STREAM,
  refuseUnsupported,
  requireVersion,
  TUS,
  uploadLength,
  uploadMetadata,
  uploadOffset,
} from './headers.ts'
import { UPLOAD_DOCS } from './openapi.ts'
import type { ResumableUploads, UploadProgress } from './uploads.ts'

const PATH = '/api/v1/uploads'

type Handler = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>

/** Resumable uploads by tus 1.0.0 (tus.io/protocols/resumable-upload). */
export function resumableRoutes(app: FastifyInstance, deps: PasteRouteDeps & { resumable: ResumableUploads }): void {
  const { resumable, guards, limits, events } = deps

  function withProgressHeaders(
    reply: FastifyReply,
    { slug, offsetBytes, untilAt, created }: UploadProgress,
  ): FastifyReply {
    if (created) events.happened('create', 'api', created, reply.request)
    reply.header('upload-offset', offsetBytes).header('cache-control', 'no-store')
    if (untilAt === null) return reply.header('x-paste-url', `${deps.publicUrl()}/${slug}`)
    return reply.header('upload-expires', new Date(untilAt).toUTCString())
  }

  /** A body of declared length, or a chunked one whose length is unknown until its end. */
  function uploadBody(request: FastifyRequest, reply: FastifyReply) {
    requireIdentity(request.headers['content-encoding'])
    const source = readBody(sourceOf(request, reply), limits.maxPasteBytes)
    return { declaredBytes: declaredBytes(request.raw), source, intake: request.intake }
  }

  const begin: Handler = async (request, reply) => {
    const { headers } = request
    refuseUnsupported(headers)
    const lengthBytes = uploadLength(headers, limits.maxPasteBytes)
    const { fields, fileName: ownName, mediaType } = uploadMetadata(headers['upload-metadata'])
    const found = await requestOptions(request, [fieldPlace(fields, 'Upload-Metadata')])
    const { options, fileName = ownName } = found
    const begun = await resumable.begin(options, { lengthBytes, fileName, mediaType }, idempotencyKey(request))
    const { id, slug, editToken, untilAt } = begun
    if (isOffsetStream(headers['content-type']))
      withProgressHeaders(
        reply,
        await resumable.append(id, 0, uploadBody(request, reply)).catch(async (error) => {
          // The client doesn't know its address yet.
          if (!isAppError(error, 'offset_mismatch')) await resumable.end(id).catch(() => {})
          throw error
        }),
      )
    else reply.header('upload-expires', new Date(untilAt).toUTCString())
    reply.code(201).header('location', `${deps.publicUrl()}${PATH}/${id}`).header('cache-control', 'no-store')
    return reply.header('x-edit-token', editToken).header('x-paste-url', `${deps.publicUrl()}/${slug}`).send()
  }

  const append: Handler = async (request, reply) => {
    refuseUnsupported(request.headers)
    refuseOtherQuery(request)
    if (!isOffsetStream(request.headers['content-type']))
      throw new AppError('unsupported_media_type', { detail: `Send ${OFFSET_STREAM}.` })
    const offsetBytes = uploadOffset(request.headers)
    return withProgressHeaders(
      reply,
      await resumable.append(uploadIdOf(request), offsetBytes, uploadBody(request, reply)),
    )
      .code(204)
      .send()
  }

  const getProgress: Handler = async (request, reply) => {
    const progress = await resumable.getProgress(uploadIdOf(request))
    return withProgressHeaders(reply, progress).header('upload-length', progress.lengthBytes).code(200).send()
  }

  const end: Handler = async (request, reply) => {
    await resumable.end(uploadIdOf(request))
    return reply.code(204).send()
  }

  /** For clients and proxies that support GET and POST only. */
  const methodOverride: Handler = (request, reply) => {
    const method = `${request.headers['x-http-method-override']}`.toUpperCase()
    const handler = { PATCH: append, HEAD: getProgress, DELETE: end }[method]
    if (handler === undefined) throw new AppError('method_not_allowed', { headers: { allow: 'HEAD, PATCH, DELETE' } })
    return handler(request, reply)
  }

  const options: Handler = async (_request, reply) =>
    reply
      .code(204)
      .headers({
        'tus-version': TUS.version,
        'tus-extension': TUS.extensions,
        'tus-max-size': `${limits.maxPasteBytes}`,
      })
      .send()

  app.route({
    method: 'POST',
    url: PATH,
    onRequest: guards.create,
    config: UPLOAD_DOCS.begin,
    handler: withTusHeaders(begin),
  })
  app.route({ method: 'OPTIONS', url: PATH, handler: options })
  const url = `${PATH}/:upload`
  app.route({
    method: 'PATCH',
    url,
    onRequest: guards.append,
    config: UPLOAD_DOCS.append,
    handler: withTusHeaders(append),
  })
  app.route({ method: 'HEAD', url, onRequest: guards.read, handler: withTusHeaders(getProgress) })
  app.route({ method: 'DELETE', url, onRequest: guards.create, config: UPLOAD_DOCS.end, handler: withTusHeaders(end) })
  app.route({ method: 'POST', url, onRequest: guards.append, handler: withTusHeaders(methodOverride) })
  app.route({ method: 'OPTIONS', url, handler: options })
}

/** A handler that requires our version of tus and names it in all answers, errors included. */
function withTusHeaders(handler: Handler): Handler {
  return async (request, reply) => {
    reply.header('tus-resumable', TUS.version)
    try {
      requireVersion(request.headers)
      return await handler(request, reply)
    } catch (error) {
      if (error instanceof AppError) error.headers['tus-resumable'] = TUS.version
      throw error
    }
  }
}

function uploadIdOf(request: FastifyRequest): string {
  return (request.params as { upload: string }).upload
}
