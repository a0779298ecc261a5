import type { Kysely } from 'kysely'
import type { Content } from '../content/index.ts'
import { type CacheCount, type Clock, isAppError, type PasteEvents, type RandomSource } from '../core/index.ts'
import type { ExpiryLimits, Sweepable } from '../expiry/index.ts'
import { checkCustomSlug, checkTarget, isSlug } from '../shortening/index.ts'
import {
  claim,
  createdAtOf,
  type EditDeps,
  findAuthorised,
  inspect,
  remove,
  replace,
  sweepablePastes,
  takeDown,
  update,
} from './change/index.ts'
import {
  createIdempotencyKeys,
  createIdempotently,
  createPaste,
  type NewPaste,
  newEditToken,
  planPaste,
  type Screen,
  type Space,
  type UploadSlots,
} from './create/index.ts'
import type { Body, CreatedPaste, PasteOptions, Pastes } from './model/index.ts'
import {
  createPasteCache,
  decodeCursor,
  encodeCursor,
  readBytes,
  readExcerpt,
  readFirstLines,
  type SharedRows,
  suggestSlug,
} from './read/index.ts'
import {
  claimStatements,
  createPasteRepository,
  notFound,
  type PasteTables,
  toPaste,
  uploadStatements,
} from './rows/index.ts'
import { createResumableUploads, type ResumableUploads } from './tus/index.ts'

/** Dependencies of the paste room. */
export type PasteRoomDeps = {
  db: Kysely<PasteTables>
  content: Content
  clock: Clock
  random: RandomSource
  limits: { maxPasteBytes: number }
  expiry: ExpiryLimits
  /** Lower-case words that are refused as custom slugs. */
  reserved: ReadonlySet<string>
  uploads: UploadSlots
  space?: Space | undefined
  screen?: Screen | undefined
  /** Receives the ends found by the sweeper. */
  events: PasteEvents
  cache: { maxBytes: number; maxAgeMs: number; shared?: SharedRows | undefined; count?: CacheCount | undefined }
}

/** The paste room: its interface, resumable uploads, and the sweeper's work. */
export function createPastes(deps: PasteRoomDeps): {
  pastes: Pastes
  resumable: ResumableUploads
  sweepables: Sweepable<unknown>[]
} {
  const repository = createPasteRepository(deps.db)
  const cache = createPasteCache({ ...deps.cache, clock: deps.clock, toPaste })
  const keys = createIdempotencyKeys(deps)
  const claims = claimStatements(deps.db)
  const edit: EditDeps = { ...deps, repository, cache }

  async function create(
    kind: NewPaste['kind'],
    options: PasteOptions,
    body: Body,
    key?: string,
  ): Promise<CreatedPaste> {
    const plan = planPaste(options, deps)
    const wanted = { kind, plan, replan: body.late && (() => planAgain(body, plan.createdAt)) }
    if (key !== undefined) return createIdempotently({ ...edit, keys }, wanted, options, body, key)
    const editToken = newEditToken(deps.random)
    return { paste: await createPaste(edit, { ...wanted, editToken }, body), editToken }
  }

  /** The plan by options that came after the content; times are relative to the same moment as before. */
  async function planAgain(body: Body, createdAt: number) {
    const late = await body.late?.()
    return late && planPaste(late, { ...deps, clock: { now: () => createdAt } })
  }

  const pastes: Pastes = {
    create: (options, body, key) => create('paste', options, body, key),
    createLink: async (options, targetUrl, key) =>
      create('link', options, { source: Buffer.from(checkTarget(targetUrl)), mediaType: 'text/uri-list' }, key),
    peek: (slug) => cache.peek(slug),
    async find(slug) {
      if (!isSlug(slug)) throw notFound()
      return cache.peek(slug) ?? cache.get(slug, () => repository.find(slug))
    },
    firstLines: (paste, mostBytes, charset) => readFirstLines(deps.content, paste, mostBytes, charset),
    bytes: (paste) => readBytes(deps.content, paste),
    excerpt: (paste, range) => readExcerpt(deps.content, paste, range),
    claim: (slug) => claim(edit, claims, slug),
    authorise: async (slug, editToken) => void (await findAuthorised(edit, slug, editToken)),
    update: (slug, editToken, change, when = {}) => update(edit, slug, editToken, change, when),
    replace: (slug, editToken, body, when = {}) => replace(edit, slug, editToken, body, when),
    remove: (slug, editToken, when = {}) => remove(edit, slug, editToken, when),
    inspect: (slug) => inspect(edit, slug),
    takeDown: (slug, reason) => takeDown(edit, slug, reason),
    createdAt: (slug, editToken) => createdAtOf(edit, slug, editToken),
    async recent(limit, cursor) {
      const below = cursor === undefined ? null : decodeCursor(cursor)
      const rows = await repository.listPublic(deps.clock.now(), limit + 1, below)
      const last = rows[limit - 1]
      const nextCursor =
        rows.length > limit && last ? encodeCursor({ listedAt: last.listed_at ?? 0, slug: last.slug }) : null
      return { pastes: rows.slice(0, limit).map(toPaste), nextCursor }
    },
    async availability(slug) {
      try {
        checkCustomSlug(slug, deps.reserved)
      } catch (error) {
        if (isAppError(error, 'invalid_slug')) return { status: 'invalid', suggestion: null }
        if (isAppError(error, 'reserved_slug'))
          return { status: 'reserved', suggestion: await suggestSlug(slug, repository) }
        throw error
      }
      if ((await repository.find(slug)) === undefined) return { status: 'free', suggestion: null }
      return { status: 'taken', suggestion: await suggestSlug(slug, repository) }
    },
  }
  const sweepables = [sweepablePastes({ ...deps, repository, cache }), keys.sweepable]
  const statements = uploadStatements(repository, deps.random)
  return {
    pastes,
    resumable: createResumableUploads({ ...edit, keys, statements, reserved: deps.reserved }),
    sweepables,
  }
}
