import { documented } from '../http/index.ts'

const tag = { tags: ['uploads'] }
const version = { 'tus-resumable': { type: 'string', const: '1.0.0' } }
const params = { type: 'object', properties: { upload: { type: 'string' } }, required: ['upload'] }
const bytes = { content: { 'application/offset+octet-stream': { schema: { type: 'string', format: 'binary' } } } }
const count = (description: string) => ({ type: 'integer', minimum: 0, description })
const text = (description: string) => ({ type: 'string', description })
const none = (description: string, headers: object = {}) => ({ type: 'null', description, headers })

/** What OpenAPI says of uploads in parts; the protocol itself is tus 1.0.0. */
export const UPLOAD_DOCS = {
  begin: documented((s) => ({
    ...tag,
    operationId: 'beginUpload',
    summary: 'Begin an upload that can go on after a broken connection (tus 1.0.0)',
    description:
      'The name is reserved at once. Ask with HEAD how far an upload is, go on with PATCH: on any connection, for a day.',
    headers: {
      type: 'object',
      properties: {
        ...version,
        'upload-length': count('Bytes of the whole content'),
        'upload-metadata': text(
          'Pairs of a key and its value in base64, separated by commas: filename, filetype, and the options of a paste',
        ),
        'idempotency-key': text('Makes a repetition harmless, such as a UUID'),
      },
      required: ['tus-resumable', 'upload-length'],
    },
    response: {
      201: none('It may begin', {
        location: text('The address of the upload; who has it can go on with it'),
        'x-edit-token': text('The edit token of the paste; shown only now'),
        'x-paste-url': text('The address of the paste, once all has come'),
        'upload-expires': text('Until when it is kept if nothing comes'),
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
      properties: { ...version, 'upload-offset': count('Where these bytes belong: where the upload is') },
      required: ['tus-resumable', 'upload-offset'],
    },
    body: bytes,
    response: {
      204: none('They are stored', {
        'upload-offset': count('Where the upload is now; all of it: the paste is there'),
        'upload-expires': text('Until when it is kept if nothing comes'),
      }),
      default: s.ProblemSchema,
    },
  })),
  end: documented((s) => ({
    ...tag,
    operationId: 'endUpload',
    summary: 'Give an unfinished upload up',
    params,
    headers: { type: 'object', properties: version, required: ['tus-resumable'] },
    response: { 204: none('It is gone, its name is free'), default: s.ProblemSchema },
  })),
}
