import type { MultipartFile, MultipartValue } from '@fastify/multipart'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { sanitiseFileName } from '../../content/index.ts'
import { AppError } from '../../core/index.ts'
import { type Intake, refuseDeclaredOver, tooLarge, watchSpeed } from '../../http/index.ts'
import type { Body } from '../model/index.ts'
import { toProblem } from './multipart-errors.ts'
import { requireIdentity } from './request-body.ts'

const FIELD_BYTES = 1_024
const MAX_FIELDS = 20
const OVERHEAD_BYTES = 1024 * 1024
const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype', 'toString', 'valueOf', 'hasOwnProperty'])

/** A form: its fields, and its one file as a body that must be consumed within `use`. */
export type Form = { fields: Record<string, string>; body: Body }

/** The parts that a form may have. */
export type FormRules = {
  maxBytes: number
  /** Names of option fields; others throw `unknown_field`. */
  fields: ReadonlySet<string>
  /** Names of text fields that may hold the content instead of a file, as some clients send it. */
  textFields?: ReadonlySet<string>
}

/**
 * Reads a multipart/form-data body (RFC 7578): option fields, then one file, which `use` gets as a stream while it
 * arrives. Checks completeness itself: for a truncated field, a missing closing boundary or a second file the stream
 * fails, so that `use` can't store an incomplete file.
 */
export async function readForm<Result>(
  request: FastifyRequest,
  reply: FastifyReply,
  rules: FormRules,
  use: (form: Form) => Promise<Result>,
): Promise<Result> {
  requireIdentity(request.headers['content-encoding'])
  refuseDeclaredOver(request.raw, rules.maxBytes + OVERHEAD_BYTES)
  if (request.headers.expect !== undefined) reply.raw.writeContinue()
  const limits = {
    fieldNameSize: 100,
    fieldSize: FIELD_BYTES,
    fields: MAX_FIELDS,
    parts: MAX_FIELDS + 2,
    headerPairs: 50,
    fileSize: rules.maxBytes + 1,
    files: 2,
  }
  const parts = counted(request, request.parts({ limits }))
  const asProblem = (error: unknown) => toProblem(error, request.raw.complete)
  const unwatch = watch(request, rules.maxBytes + OVERHEAD_BYTES)
  try {
    return await run(parts, { ...rules, intake: request.intake }, use, asProblem)
  } catch (error) {
    throw asProblem(error)
  } finally {
    unwatch()
  }
}

/** The parts; ends only once the upload limit has admitted all received bytes. */
async function* counted(request: FastifyRequest, parts: AsyncIterable<Part>): AsyncGenerator<Part> {
  yield* parts
  await request.meter?.pass(0)
}

/** Limits the body's size and speed. The parser limits parts only, not preambles and stalls. */
function watch(request: FastifyRequest, limitBytes: number): () => void {
  const { raw } = request
  let total = 0
  let isOver = false
  const refuse = (error: unknown) => {
    if (!isOver) raw.emit('error', error)
    isOver = true
  }
  const onData = (chunk: Buffer) => {
    total += chunk.length
    if (total > limitBytes) refuse(tooLarge(limitBytes))
    request.meter?.pass(chunk.length)?.catch(refuse)
  }
  raw.on('data', onData)
  request.intake?.watch(() => total, refuse)
  const stop = watchSpeed(raw, () => total, refuse)
  return () => {
    // An error event without a listener would end the process.
    isOver = true
    raw.off('data', onData)
    stop()
  }
}

type Part = MultipartFile | MultipartValue

async function run<Result>(
  parts: AsyncIterableIterator<Part>,
  rules: FormRules & { intake: Intake | undefined },
  use: (form: Form) => Promise<Result>,
  asProblem: (error: unknown) => unknown,
): Promise<Result> {
  const { intake } = rules
  const fields: Record<string, string> = {}
  const seen = new Set<string>()
  for (;;) {
    const next = await parts.next()
    if (next.done) throw new AppError('missing_file', { detail: 'The form needs one file part.' })
    const part = next.value
    if (!part.fieldname) throw new AppError('invalid_field_name', { detail: 'A part has no name.' })
    if (FORBIDDEN.has(part.fieldname))
      throw new AppError('invalid_field_name', { detail: 'A part has a forbidden name.' })
    if (part.type === 'file')
      return use({
        fields,
        body: { ...claim(part), intake, source: fileThenEnd(part, parts, rules.maxBytes, asProblem) },
      })
    if (rules.textFields?.has(part.fieldname)) {
      if (part.valueTruncated)
        throw new AppError('field_too_long', {
          detail: `Send ${part.fieldname} as a file (-F ${part.fieldname}=@name).`,
        })
      return use({ fields, body: { source: textThenEnd(`${part.value}`, parts) } })
    }
    addField(fields, part, rules.fields, seen)
  }
}

function addField(
  fields: Record<string, string>,
  part: MultipartValue,
  known: ReadonlySet<string>,
  seen: Set<string>,
): void {
  const name = part.fieldname
  if (!known.has(name))
    throw new AppError('unknown_field', {
      detail: `There is no field ${JSON.stringify(name)} here.`,
      members: { pointer: `/${name}` },
    })
  if (seen.has(name))
    throw new AppError('duplicate_field', { detail: `The field ${name} came twice.`, members: { pointer: `/${name}` } })
  if (part.valueTruncated || part.fieldnameTruncated)
    throw new AppError('field_too_long', { detail: `The field ${name} has more than ${FIELD_BYTES} bytes.` })
  // The parser decodes a field of Content-Type application/json.
  if (typeof part.value !== 'string')
    throw new AppError('validation_failed', { detail: `Send ${name} as plain text.`, members: { pointer: `/${name}` } })
  seen.add(name)
  if (part.value !== '') fields[name] = part.value
}

function claim(part: MultipartFile): { mediaType: string; fileName: string | undefined } {
  if (part.encoding !== '7bit' && part.encoding !== '8bit' && part.encoding !== 'binary')
    throw new AppError('unsupported_content_encoding', { detail: 'Send the file without Content-Transfer-Encoding.' })
  return { mediaType: part.mimetype, fileName: part.filename ? sanitiseFileName(part.filename) : undefined }
}

async function* fileThenEnd(
  part: MultipartFile,
  parts: AsyncIterableIterator<Part>,
  maxBytes: number,
  asProblem: (error: unknown) => unknown,
): AsyncGenerator<Buffer> {
  let total = 0
  try {
    for await (const chunk of part.file as AsyncIterable<Buffer>) {
      total += chunk.length
      if (total > maxBytes) throw tooLarge(maxBytes)
      yield chunk
    }
    if (part.file.truncated) throw tooLarge(maxBytes)
    await expectEnd(parts)
  } catch (error) {
    // Translated here, because the consumer takes any other failure for a client that disconnected.
    throw asProblem(error)
  } finally {
    part.file.resume()
  }
}

async function* textThenEnd(text: string, parts: AsyncIterableIterator<Part>): AsyncGenerator<Buffer> {
  yield Buffer.from(text)
  await expectEnd(parts)
}

/** Reads past the file: only then does the parser report a missing closing boundary. */
async function expectEnd(parts: AsyncIterableIterator<Part>): Promise<void> {
  const next = await parts.next()
  if (next.done) return
  if (next.value.type === 'file') {
    next.value.file.resume()
    throw new AppError('too_many_files', { detail: 'Send one file in each request.' })
  }
  throw new AppError('field_after_file', {
    detail: `Put the field ${JSON.stringify(next.value.fieldname)} before the file.`,
  })
}
