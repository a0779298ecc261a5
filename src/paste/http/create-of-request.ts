import { hash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { AppError, isAppError } from '../../core/index.ts'
import {
  decodeJson,
  JSON_LIMIT_BYTES,
  parseMediaType,
  peek,
  readJsonValue,
  readWholeContent,
  SMALL_BYTES,
  tooLarge,
  validate,
  whole,
} from '../../http/index.ts'
import { type CreatedPaste, OPTION_NAMES } from '../model/index.ts'
import type { CreateRules, FormCreated, OtherJson } from './create-rules.ts'
import { readFormText } from './form-text.ts'
import { guessBody, isUndecided, mayBeForm } from './guess-body.ts'
import { idempotencyKey } from './idempotency-key.ts'
import { linkOptions } from './link-options.ts'
import { loadSchemas } from './load-schemas.ts'
import { readForm } from './multipart.ts'
import { namedPlaces, type Place } from './option-places.ts'
import { rawBody, sourceOf } from './request-body.ts'
import { hasOptions, OPTION_FIELDS, requestOptions } from './request-options.ts'
import type { PasteRouteDeps } from './route-deps.ts'

/** Creates pastes of requests: the same options in the same places for every kind of body. */
export function creatorOf({ pastes, limits }: PasteRouteDeps, rules: CreateRules = {}) {
  const { aliases = {}, fields: others = {}, links = NONE, preset = (options) => options } = rules
  const isName = (field: string) => field === 'slug' || aliases[field] === 'slug'
  const fieldNames = new Set([...OPTION_FIELDS, ...Object.keys(aliases), ...Object.keys(others)])

  const { placesOf, placesOfForm } = namedPlaces(aliases, others)

  return {
    /** The bytes of the body as they are. `places` are those of the address. */
    async ofRaw(request: FastifyRequest, reply: FastifyReply, place?: Place, name?: string): Promise<CreatedPaste> {
      const { options, fileName } = await requestOptions(request, place ? [place] : [])
      const body = await rawBody(sourceOf(request, reply), limits.maxPasteBytes, fileName ?? name)
      const kept = rules.keepMediaType ? { ...body, keepMediaType: true } : body
      return pastes.create(preset(options), kept, idempotencyKey(request))
    },

    /** A multipart form. `place`: further options. */
    ofForm(request: FastifyRequest, reply: FastifyReply, place?: Place): Promise<FormCreated> {
      const key = idempotencyKey(request)
      const optionsOf = async (fields: Record<string, string>) => {
        const found = await requestOptions(request, [...placesOfForm(fields), ...(place ? [place] : [])])
        return { ...found, options: preset(found.options) }
      }
      const formRules = {
        maxBytes: limits.maxPasteBytes,
        fields: fieldNames,
        contents: links,
        mayBeLate: key === undefined,
        areNamed: (fields: Record<string, string>) => Object.keys(fields).some(isName),
      }
      return readForm(request, reply, formRules, async ({ fields, name, body, late }) => {
        const { options, fileName = body.fileName } = await optionsOf(fields)
        const lateOptions = async () => {
          const all = late?.()
          return all && (await optionsOf(all)).options
        }
        const created = await (links.has(name)
          ? pastes.createLink(linkOptions({ options, fileName: undefined }), addressOf(body.source), key)
          : pastes.create(options, { ...body, fileName, late: late && lateOptions }, key))
        return { ...created, form: { fields: late?.() ?? fields, content: name } }
      })
    },

    /** JSON: `content`, and options as its other members; unless `other` answers it. */
    async ofJson<Other = never>(
      request: FastifyRequest,
      reply: FastifyReply,
      other?: OtherJson<Other>,
    ): Promise<CreatedPaste | Other> {
      const value = await readJsonValue(sourceOf(request, reply))
      return (isObject(value) ? other?.(value) : undefined) ?? this.ofValue(request, value)
    },

    /** An urlencoded form of at most 4 MiB. Throws `unsupported_media_type` for anything else. */
    async ofFields(request: FastifyRequest, reply: FastifyReply): Promise<FormCreated> {
      if (parseMediaType(request.headers['content-type'] ?? '').type !== 'application/x-www-form-urlencoded')
        throw new AppError('unsupported_media_type', { detail: 'Send a form here.' })
      return this.ofFormText(request, await readWholeContent(sourceOf(request, reply), JSON_LIMIT_BYTES))
    },

    /** The bytes of an urlencoded form. */
    async ofFormText(request: FastifyRequest, bytes: Buffer): Promise<FormCreated> {
      const { content, name, fields, sent } = readFormText(bytes.toString('latin1'), fieldNames)
      const { options, fileName } = await requestOptions(request, placesOfForm(fields))
      const created = await pastes.create(preset(options), { source: content, fileName }, idempotencyKey(request))
      return { ...created, form: { fields: sent, content: name } }
    },

    /**
     * Bytes that may be an urlencoded form or the JSON of this or another pastebin, unless their media type says that they
     * are content: what asks for privacy is never stored as text instead. `other` is asked first about JSON.
     */
    async ofGuessed<Other = never>(
      request: FastifyRequest,
      reply: FastifyReply,
      other?: OtherJson<Other>,
    ): Promise<FormCreated | Other> {
      const header = request.headers['content-type']
      const mediaType = header ? parseMediaType(header).type : ''
      if (!mayBeForm(mediaType)) return this.ofRaw(request, reply)
      const body = await rawBody(sourceOf(request, reply), limits.maxPasteBytes)
      const seen = await peek(body.source, SMALL_BYTES, (start) => !isUndecided(start.toString('latin1'), mediaType))
      const kind = guessBody(seen.start.toString('latin1'), mediaType, fieldNames)
      if (kind === 'content') {
        const { options, fileName } = await requestOptions(request)
        return pastes.create(preset(options), { ...body, fileName, source: seen.source }, idempotencyKey(request))
      }
      if (!seen.complete) await body.intake?.enter()
      const bytes = await whole(seen, JSON_LIMIT_BYTES, AS_IT_IS)
      if (!seen.complete) body.intake?.keep(bytes.length)
      if (body.expectedSha256 !== undefined && hash('sha256', bytes, 'hex') !== body.expectedSha256)
        throw new AppError('digest_mismatch')
      if (kind === 'form') return this.ofFormText(request, bytes)
      const value = decodeJson(bytes)
      return (isObject(value) ? other?.(value) : undefined) ?? this.ofValue(request, value).catch(withHint)
    },

    /** A value that was JSON. */
    async ofValue(request: FastifyRequest, value: unknown): Promise<CreatedPaste> {
      await rules.check?.(value)
      const known = withoutNulls(value)
      const [own, ...others] = isObject(known) ? placesOf({ name: 'the body', values: known }) : []
      const { content, ...values } = await validate(
        loadSchemas().then((s) => s.CreatePasteSchema),
        own?.values ?? known,
        CODES,
      )
      if (!content.isWellFormed())
        throw new AppError('invalid_unicode', {
          detail: 'The content has half of a surrogate pair.',
          members: { pointer: '/content' },
        })
      // Checked already, and the only place.
      const isAlone = others.length === 0 && !hasOptions(request)
      const { options, fileName } = isAlone
        ? { options: values, fileName: undefined }
        : await requestOptions(request, [{ name: 'the body', values }, ...others])
      return pastes.create(preset(options), { source: Buffer.from(content), fileName }, idempotencyKey(request))
    },
  }
}

const NONE: ReadonlySet<string> = new Set()

/** The text of a part that holds an address: at most 64 KiB, as more of a form comes as a stream. */
function addressOf(source: Buffer | AsyncIterable<Buffer>): string {
  if (!Buffer.isBuffer(source)) throw tooLarge(SMALL_BYTES)
  return source.toString().trim()
}

const AS_IT_IS = 'To paste these bytes as they are, send them as text/plain.'

function withHint(error: unknown): never {
  if (!isAppError(error, 'unknown_field', 'validation_failed')) throw error
  throw new AppError(error.code, { detail: `${error.message} ${AS_IT_IS}`, members: error.members })
}

/** Codes of failures in a JSON create. */
export const CODES = {
  '/expiresIn': 'invalid_expiry',
  '/expiresAt': 'invalid_expiry',
  '/language': 'validation_failed',
} as const

/** An object without the options that are null: some clients send all that they know. */
function withoutNulls(value: unknown): unknown {
  if (!isObject(value) || !OPTION_NAMES.some((name) => value[name] === null)) return value
  return Object.fromEntries(Object.entries(value).filter(([name, one]) => one !== null || !OPTION_FIELDS.has(name)))
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
