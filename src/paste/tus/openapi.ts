import { documented } from '../http/index.ts'

const tag = { tags: ['uploads'] }
const version = { 'tus-resumable': { type: 'string', const: '1.0.0' } }
const params = { type: 'object', properties: { upload: { type: 'string' } }, required: ['upload'] }
const checksum = {
  'upload-checksum': { type: 'string', description: 'sha1, sha256, md5 or crc32, a space, and the checksum in base64' },
}
const bytes = { content: { 'application/offset+octet-stream': { schema: { type: 'string', format: 'binary' } } } }
const count = (description: string) => ({ type: 'integer', minimum: 0, description })
const text = (description: string) => ({ type: 'string', description })
const none = (description: string, headers: object = {}) => ({ type: 'null', description, headers })

/** The OpenAPI descriptions of resumable uploads; the protocol is tus 1.0.0. */
export const UPLOAD_DOCS = {
  begin: documented((s) => ({
    ...tag,
    operationId: 'beginUpload',
    summary: 'Begin an upload that survives broken connections (tus 1.0.0)',
    description: 'Reserves the name. HEAD returns the offset, PATCH continues: on any connection, for a day.',
    headers: {
      type: 'object',
      properties: {
        ...version,
        'upload-length': count('Bytes of the whole content; of a final upload: none'),
        'upload-defer-length': text('1: the length comes with a later PATCH'),
        'upload-concat': text('partial: a part of a later upload; or final; and the addresses of its parts'),
        'upload-metadata': text(
          'Pairs of a key and its value in base64, separated by commas: filename, filetype, and the options of a paste',
        ),
        'idempotency-key': text('Makes a repetition harmless, such as a UUID'),
      },
      required: ['tus-resumable'],
    },
    response: {
      201: none('The upload has begun', {
        location: text('The address of the upload; it is a secret that lets its holder continue'),
        'x-edit-token': text('The edit token of the paste; shown only now'),
        'x-paste-url': text('The future address of the paste'),
        'upload-expires': text('When it ends without further bytes'),
      }),
      default: s.ProblemSchema,
    },
  })),
  append: documented((s) => ({
    ...tag,
    operationId: 'continueUpload',
    summary: 'Send the next bytes of an upload',
    description: 'HEAD on the same address answers with Upload-Offset and Upload-Length.',
    params,
    headers: {
      type: 'object',
      properties: { ...version, 'upload-offset': count('The offset of these bytes: that of the upload'), ...checksum },
      required: ['tus-resumable', 'upload-offset'],
    },
    body: bytes,
    response: {
      204: none('The bytes are stored', {
        'upload-offset': count('The new offset; equal to the length: the paste exists'),
        'upload-expires': text('When it ends without further bytes'),
      }),
      default: s.ProblemSchema,
    },
  })),
  head: documented((s) => ({
    ...tag,
    operationId: 'getUpload',
    summary: 'Where an upload is',
    params,
    headers: { type: 'object', properties: version, required: ['tus-resumable'] },
    response: {
      200: none('The upload, or the paste that it became', {
        'upload-offset': count('Bytes that are stored'),
        'upload-length': count('Bytes of the whole content, once they are known'),
        'upload-metadata': text('As it was sent'),
        'upload-expires': text('When it ends without further bytes'),
        'x-paste-url': text('The address of the paste, once it exists'),
      }),
      default: s.ProblemSchema,
    },
  })),
  end: documented((s) => ({
    ...tag,
    operationId: 'endUpload',
    summary: 'End an unfinished upload',
    params,
    headers: { type: 'object', properties: version, required: ['tus-resumable'] },
    response: { 204: none('The upload has ended and its name is free'), default: s.ProblemSchema },
  })),
}
