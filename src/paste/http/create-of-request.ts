import { hash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { AppError, isAppError } from '../../core/index.ts'
import { decodeJson, JSON_LIMIT_BYTES, parseMediaType, readJsonValue, SMALL_BYTES, validate } from '../../http/index.ts'
import { type CreatedPaste, OPTION_NAMES, type PasteOptions } from '../model/index.ts'
import { readFormText } from './form-text.ts'
import { guessBody, isUndecided, mayBeForm } from './guess-body.ts'
import { idempotencyKey } from './idempotency-key.ts'
import { loadSchemas } from './load-schemas.ts'
import { readForm } from './multipart.ts'
import type { Place } from './option-places.ts'
import { peek, whole } from './peek.ts'
import { rawBody, sourceOf } from './request-body.ts'
import { fieldPlace, hasOptions, OPTION_FIELDS, requestOptions } from './request-options.ts'
import type { PasteRouteDeps } from './route-deps.ts'

/** How a route names options, and what it presets. */
export type CreateRules = {
  /** Other names of options, such as `customUrl` of `slug`. */
  aliases?: Readonly<Record<string, keyof PasteOptions>>
  /** Fields of forms that set options by being there, whatever their value. */
  flags?: Readonly<Record<string, PasteOptions>>
  /** Options where the request gives none of that name. */
  preset?: (options: PasteOptions) => PasteOptions
  /** Refuses JSON by throwing. */
  check?: (value: unknown) => Promise<void>
}

/** Creates pastes of requests: the same options in the same places for every kind of body. */
export function creatorOf({ pastes, limits }: PasteRouteDeps, rules: CreateRules = {}) {
  const { aliases = {}, flags = {}, preset = (options) => options } = rules
  const isName = (field: string) => field === 'slug' || aliases[field] === 'slug'
  const fieldNames = new Set([...OPTION_FIELDS, ...Object.keys(aliases), ...Object.keys(flags)])

  /** The aliases of a place as another place, so that an alias and its option can't differ. */
  function placesOf(place: Place): Place[] {
    const { name, values } = place
    if (rules.aliases === undefined) return [place]
    const own: Record<string, unknown> = { ...values }
    const renamed: Record<string, unknown> = {}
    for (const [alias, option] of Object.entries(aliases)) {
      if (Object.hasOwn(own, alias) && own[alias] !== null) renamed[option] = own[alias]
      delete own[alias]
    }
    const others = Object.keys(renamed).length > 0 ? [{ name: Object.keys(aliases).join(), values: renamed }] : []
    return [{ name, values: own }, ...others]
  }

  /** The places of a form: what its flags set, and its other fields. */
  function placesOfForm(fields: Record<string, string>): Place[] {
    const others = Object.fromEntries(Object.entries(fields).filter(([name]) => !Object.hasOwn(flags, name)))
    const set = Object.keys(fields).filter((name) => Object.hasOwn(flags, name))
    return [...set.map((name) => ({ name, values: flags[name] ?? {} })), ...placesOf(fieldPlace(others))]
  }

  return {
    /** The bytes of the body as they are. `places` are those of the address. */
    async ofRaw(request: FastifyRequest, reply: FastifyReply, place?: Place, name?: string): Promise<CreatedPaste> {
      const { options, fileName } = await requestOptions(request, place ? [place] : [])
      const body = await rawBody(sourceOf(request, reply), limits.maxPasteBytes, fileName ?? name)
      return pastes.create(preset(options), body, idempotencyKey(request))
    },

    /** A multipart form. */
    ofForm(request: FastifyRequest, reply: FastifyReply): Promise<CreatedPaste> {
      const key = idempotencyKey(request)
      const optionsOf = async (fields: Record<string, string>) => {
        const found = await requestOptions(request, placesOfForm(fields))
        return { ...found, options: preset(found.options) }
      }
      const formRules = {
        maxBytes: limits.maxPasteBytes,
        fields: fieldNames,
        mayBeLate: key === undefined,
        areNamed: (fields: Record<string, string>) => Object.keys(fields).some(isName),
      }
      return readForm(request, reply, formRules, async ({ fields, body, late }) => {
        const { options, fileName = body.fileName } = await optionsOf(fields)
        const lateOptions = async () => {
          const all = late?.()
          return all && (await optionsOf(all)).options
        }
        return pastes.create(options, { ...body, fileName, late: late && lateOptions }, key)
      })
    },

    /** JSON: `content`, and options as its other members. */
    ofJson(request: FastifyRequest, reply: FastifyReply): Promise<CreatedPaste> {
      return readJsonValue(sourceOf(request, reply)).then((value) => this.ofValue(request, value))
    },

    /**
     * Bytes that may be an urlencoded form or the JSON of this or another pastebin, unless their media type says that they
     * are content: what asks for privacy is never stored as text instead.
     */
    async ofGuessed(request: FastifyRequest, reply: FastifyReply): Promise<CreatedPaste> {
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
      if (kind === 'envelope') return this.ofValue(request, decodeJson(bytes)).catch(withHint)
      const { content, fields } = readFormText(bytes.toString('latin1'), fieldNames)
      const { options, fileName } = await requestOptions(request, placesOfForm(fields))
      return pastes.create(preset(options), { source: content, fileName }, idempotencyKey(request))
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
