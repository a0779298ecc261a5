import type { MultipartFile } from '@fastify/multipart'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../../core/index.ts'
import { type Intake, refuseDeclaredOver, resumed, SMALL_BYTES, tooLarge, watchSpeed } from '../../http/index.ts'
import type { Body } from '../model/index.ts'
import { claimOf, createFormFields, FIELD_BYTES, type FormFields, isStreamed, type Part } from './form-parts.ts'
import { toProblem } from './multipart-errors.ts'
import { requireIdentity } from './request-body.ts'

const MAX_FIELDS = 20
const OVERHEAD_BYTES = 1024 * 1024

/**
 * A form: its fields, and its content as a body that must be consumed within `use`. `late`, for content that streams:
 * all fields once the body has ended, or undefined if none came after the content.
 */
export type Form = {
  fields: Record<string, string>
  /** The name of the part with the content. */
  name: string
  body: Body
  late?: () => Record<string, string> | undefined
}

/** The parts that a form may have. */
export type FormRules = {
  maxBytes: number
  /** Names of option fields; others throw `unknown_field`. */
  fields: ReadonlySet<string>
  /** Names that the part with the content may have beside those of {@link CONTENT_FIELDS}. */
  contents: ReadonlySet<string>
  /** Whether fields may come after content that streams; else they throw `field_after_file`. */
  mayBeLate: boolean
  /** Whether these fields choose a name, which may be taken: content is not read before `use` has looked. */
  areNamed(fields: Record<string, string>): boolean
}

/**
 * Reads a multipart/form-data body (RFC 7578): option fields in any place, and one part with the content. Small content
 * waits in memory until the form is over; of larger content `use` gets a stream while it arrives. Checks completeness
 * itself: for a truncated field, a missing closing boundary or a second file the stream fails, so that `use` can't store
 * an incomplete file.
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
  const parts = counted(
    request,
    request.parts({
      limits,
      isPartAFile: (name, ...rest) => rules.contents.has(name ?? '') || isStreamed(name, ...rest),
    }),
  )
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

async function run<Result>(
  parts: AsyncIterableIterator<Part>,
  rules: FormRules & { intake: Intake | undefined },
  use: (form: Form) => Promise<Result>,
  asProblem: (error: unknown) => unknown,
): Promise<Result> {
  const fields = createFormFields(rules.fields, rules.contents)
  const content = await nextContent(parts, fields)
  if (content === undefined) throw new AppError('missing_file', { detail: 'The form needs one file part.' })
  fields.addContent(content)
  const claim = claimOf(content)
  const name = content.fieldname
  let isLate = false
  let isStreaming = false
  const addLate = (part: Part) => {
    if (part.type === 'file') {
      part.file.resume()
      throw new AppError('too_many_files', { detail: 'Send one file in each request.' })
    }
    if (isStreaming && !rules.mayBeLate)
      throw new AppError('field_after_file', {
        detail: `With an Idempotency-Key, put the field ${JSON.stringify(part.fieldname)} before the file.`,
      })
    fields.add(part)
    isLate = true
  }
  // Translated here, because the consumer takes any other failure for a client that disconnected.
  const source = translated(contentThenEnd(content, parts, rules.maxBytes, addLate), asProblem)
  const chunks: Buffer[] = []
  let total = 0
  while (total <= SMALL_BYTES && !rules.areNamed(fields.values())) {
    const next = await source.next()
    if (next.done) return use({ fields: fields.values(), name, body: { ...claim, source: Buffer.concat(chunks) } })
    chunks.push(next.value)
    total += next.value.length
  }
  isStreaming = true
  const body = { ...claim, intake: rules.intake, source: resumed(chunks, source) }
  return use({ fields: fields.values(), name, body, late: () => (isLate ? fields.values() : undefined) })
}

/** Reads option fields up to the part with the content; undefined when the form ends before one. */
async function nextContent(parts: AsyncIterableIterator<Part>, fields: FormFields): Promise<MultipartFile | undefined> {
  for (;;) {
    const next = await parts.next()
    if (next.done) return undefined
    if (next.value.type === 'file') return next.value
    fields.add(next.value)
  }
}

/** The content, then the rest of the form: only at its end does the parser report a missing closing boundary. */
async function* contentThenEnd(
  part: MultipartFile,
  parts: AsyncIterableIterator<Part>,
  maxBytes: number,
  addLate: (part: Part) => void,
): AsyncGenerator<Buffer> {
  let total = 0
  try {
    for await (const chunk of part.file as AsyncIterable<Buffer>) {
      total += chunk.length
      if (total > maxBytes) throw tooLarge(maxBytes)
      yield chunk
    }
    if (part.file.truncated) throw tooLarge(maxBytes)
    for (let next = await parts.next(); !next.done; next = await parts.next()) addLate(next.value)
  } finally {
    part.file.resume()
  }
}

async function* translated(
  source: AsyncGenerator<Buffer>,
  asProblem: (error: unknown) => unknown,
): AsyncGenerator<Buffer> {
  try {
    yield* source
  } catch (error) {
    throw asProblem(error)
  }
}
