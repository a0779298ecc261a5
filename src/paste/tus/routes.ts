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
import type { BegunUpload } from './begin.ts'
import { CHECKSUM_ALGORITHMS, checked, uploadChecksum } from './checksum.ts'
import {
  isOffsetStream,
  newUploadLength,
  OFFSET_STREAM,
  requireVersion,
  TUS,
  uploadConcat,
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
    { slug, offsetBytes, untilAt, created, concat }: UploadProgress,
  ): FastifyReply {
    if (concat !== undefined) reply.header('upload-concat', concat)
    if (created) events.happened('create', 'api', created, reply.request)
    reply.header('upload-offset', offsetBytes).header('cache-control', 'no-store')
    if (untilAt === null) return reply.header('x-paste-url', `${deps.publicUrl()}/${slug}`)
    return reply.header('upload-expires', new Date(untilAt).toUTCString())
  }

  /** A body of declared length, or a chunked one whose length is unknown until its end. */
  function uploadBody(request: FastifyRequest, reply: FastifyReply) {
    requireIdentity(request.headers['content-encoding'])
    const checksum = uploadChecksum(request.headers)
    const source = readBody(sourceOf(request, reply), limits.maxPasteBytes)
    const body = { declaredBytes: declaredBytes(request.raw), source, intake: request.intake }
    return checksum ? { ...body, source: checked(source, checksum), isChecked: true } : body
  }

  const begin: Handler = async (request, reply) => {
    const { headers } = request
    const concat = uploadConcat(headers)
    const { fields, fileName: ownName, mediaType } = uploadMetadata(headers['upload-metadata'])
    const found = await requestOptions(request, [fieldPlace(fields, 'Upload-Metadata')])
    const { options, fileName = ownName } = found
    const file = { fileName, mediaType, metadata: headers['upload-metadata']?.toString(), concat: concat?.header }
    const key = idempotencyKey(request)
    if (concat?.partsOf) {
      const { begun, progress } = await resumable.concatenate(options, concat.partsOf, file, key)
      return sendBegun(withProgressHeaders(reply, progress), begun)
    }
    if (concat && Object.keys(options).length > 0)
      throw new AppError('bad_request', {
        detail: 'Send the options of a paste with the final upload, not with its parts.',
      })
    const lengthBytes = newUploadLength(headers, limits.maxPasteBytes)
    const begun = await resumable.begin(options, { ...file, lengthBytes }, key)
    const { id, untilAt } = begun
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
    return sendBegun(reply, begun, concat !== undefined)
  }

  function sendBegun(reply: FastifyReply, { id, slug, editToken }: BegunUpload, isPart = false): FastifyReply {
    reply.code(201).header('location', `${deps.publicUrl()}${PATH}/${id}`).header('cache-control', 'no-store')
    // A part never becomes a paste of its own.
    if (!isPart) reply.header('x-edit-token', editToken).header('x-paste-url', `${deps.publicUrl()}/${slug}`)
    return reply.send()
  }

  const append: Handler = async (request, reply) => {
    refuseOtherQuery(request)
    if (!isOffsetStream(request.headers['content-type']))
      throw new AppError('unsupported_media_type', { detail: `Send ${OFFSET_STREAM}.` })
    const offsetBytes = uploadOffset(request.headers)
    const { headers } = request
    const lengthBytes = headers['upload-length'] === undefined ? undefined : uploadLength(headers, limits.maxPasteBytes)
    const body = { ...uploadBody(request, reply), lengthBytes }
    return withProgressHeaders(reply, await resumable.append(uploadIdOf(request), offsetBytes, body))
      .code(204)
      .send()
  }

  const getProgress: Handler = async (request, reply) => {
    const progress = await resumable.getProgress(uploadIdOf(request))
    const { lengthBytes, metadata } = progress
    if (metadata) reply.header('upload-metadata', metadata)
    if (lengthBytes === null) reply.header('upload-defer-length', '1')
    else reply.header('upload-length', lengthBytes)
    return withProgressHeaders(reply, progress).code(200).send()
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
        'tus-checksum-algorithm': CHECKSUM_ALGORITHMS.join(','),
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
  // Varnish asks by GET where its client asked by HEAD.
  app.route({
    method: 'HEAD',
    url,
    onRequest: guards.read,
    config: UPLOAD_DOCS.head,
    handler: withTusHeaders(getProgress),
  })
  app.route({
    method: 'GET',
    url,
    onRequest: guards.read,
    handler: withTusHeaders(getProgress),
  })
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
