import type { Content } from '../../content/index.ts'
import {
  AppError,
  type Clock,
  DuplicateKey,
  OutcomeUnknown,
  type RandomSource,
  settledWithin,
  withTimeout,
} from '../../core/index.ts'
import { isOver } from '../../expiry/index.ts'
import { SMALL_BYTES } from '../../http/index.ts'
import { generateObjectKey, generateSlug } from '../../shortening/index.ts'
import type { Body, Paste } from '../model/index.ts'
import {
  BLANK_ROW,
  bears,
  contentColumns,
  discardFailedWrite,
  isOutcomeUnknown,
  LEASE_MS,
  livePurgeAt,
  NO_CONTENT,
  newMark,
  type PasteRepository,
  type PasteRow,
  REREAD_MS,
  settleWrite,
  TIDY_MS,
  toPaste,
} from '../rows/index.ts'
import type { Attempt } from './attempt.ts'
import { overtaken } from './idempotency-errors.ts'
import { moveUpload, needsOtherSlug, planColumns } from './late-options.ts'
import type { PastePlan } from './options.ts'
import { type BodyStart, withBodyStart } from './small-body.ts'
import { hashToken } from './tokens.ts'
import { upload } from './upload.ts'
import type { UploadSlots } from './upload-slots.ts'

const SLUG_ATTEMPTS = 5

/** Dependencies of a create. */
export type CreateDeps = {
  repository: PasteRepository
  content: Content
  clock: Clock
  random: RandomSource
  limits: { maxPasteBytes: number }
  uploads: UploadSlots
  /** Throws `storage_full` where new content has no room. */
  space?: Space | undefined
}

/** The room for new content. */
export type Space = { refuse(bytes?: number): void }

/** A new paste before its body is read. */
export type NewPaste = {
  plan: PastePlan
  kind: Paste['kind']
  editToken: string
  /** The attempt of its Idempotency-Key, whose slug it takes. */
  attempt?: Attempt | undefined
  /** After the body: the plan by options that came behind it, if some did. */
  replan?: (() => Promise<PastePlan | undefined>) | undefined
}

/**
 * Makes a paste durable. A small body goes into its row by one insert. A large one reserves its slug, streams into the
 * store, then goes live by one conditional update; a taken slug is refused before its body is read. Throws as
 * `Pastes.create` does.
 */
export async function createPaste(deps: CreateDeps, asked: NewPaste, body: Body): Promise<Paste> {
  refuseIfFull(deps, body)
  const custom = asked.plan.slug
  if (custom !== undefined && !Buffer.isBuffer(body.source)) await refuseTaken(deps, asked, custom)
  return withBodyStart(deps, body, async (small) => {
    const late = small.complete && asked.replan ? await asked.replan() : undefined
    const wanted = late ? { ...asked, plan: late, replan: undefined } : asked
    const packed = small.complete ? deps.content.pack(small.complete, body) : undefined
    if (packed) return insertRow(deps, wanted, (slug) => ({ ...newRow(wanted, slug, body), ...contentColumns(packed) }))
    return createLarge(deps, wanted, body, small)
  })
}

/** Throws `storage_full`: before the body is read, where its length is declared. */
export function refuseIfFull({ space }: Pick<CreateDeps, 'space'>, { source, expectedBytes = 0 }: Body): void {
  space?.refuse(Buffer.isBuffer(source) || expectedBytes <= SMALL_BYTES ? 0 : expectedBytes)
}

async function createLarge(deps: CreateDeps, wanted: NewPaste, body: Body, small: BodyStart): Promise<Paste> {
  const objectKey = generateObjectKey(deps.random)
  const reserve = (asked: NewPaste) =>
    insertRow(deps, asked, (slug) => ({
      ...newRow(asked, slug, body),
      ...NO_CONTENT,
      state: 'uploading',
      object_key: objectKey,
      purge_at: deps.clock.now() + LEASE_MS,
      listed_at: null,
    }))
  const reserved = await reserve(wanted)
  let { slug } = reserved
  const { repository } = deps
  try {
    const content = await upload(deps, body, small, objectKey, () =>
      repository.changeUpload(slug, objectKey, { purge_at: deps.clock.now() + LEASE_MS }),
    )
    const late = await wanted.replan?.()
    const plan = late ?? wanted.plan
    if (late && needsOtherSlug(wanted.plan, late))
      ({ slug } = await moveUpload(deps, slug, objectKey, () => reserve({ ...wanted, plan })))
    const now = deps.clock.now()
    const listed = plan.visibility === 'public' && wanted.kind === 'paste'
    const times = { updated_at: now, purge_at: livePurgeAt(plan.expiresAt, null), listed_at: listed ? now : null }
    const set = { ...contentColumns(content), ...(late && planColumns(late)), ...times, state: 'live' } as const
    const mark = newMark(deps.random)
    const goLive = repository.changeUpload(slug, objectKey, { ...set, write_id: mark })
    if ((await settleWrite(goLive, () => repository.find(slug), mark)) !== 1) throw givenUp(wanted)
    const { expiresAt, visibility, title, language, maxViews } = plan
    return { ...reserved, slug, expiresAt, visibility, title, language, maxViews, updatedAt: now, content }
  } catch (error) {
    await giveBack(deps, slug, objectKey, error)
    throw error
  }
}

/** The error for an upload that the sweeper, or another request with its key, has ended. */
function givenUp({ attempt }: NewPaste): AppError {
  if (attempt) return overtaken()
  return new AppError('overloaded', { detail: 'The upload took too long and its place was given up. Send it again.' })
}

/** Frees slug and object of a failed upload. The sweeper frees the rest once the lease is over. */
async function giveBack(deps: CreateDeps, slug: string, objectKey: string, error: unknown): Promise<void> {
  if (isOutcomeUnknown(error)) return
  const givenUp = discardFailedWrite(deps, objectKey, deps.clock.now())
  const freed = givenUp.then(() => deps.repository.release(slug, objectKey))
  await settledWithin(freed, TIDY_MS)
}

/** Inserts a row under its custom slug, or under the first free generated one. Throws as `Pastes.create` does. */
export async function insertRow(deps: CreateDeps, wanted: NewPaste, make: (slug: string) => PasteRow): Promise<Paste> {
  const custom = wanted.plan.slug
  for (let attempt = 1; ; attempt++) {
    const first = attempt === 1 ? wanted.attempt?.slug : undefined
    const slug = custom ?? first ?? generateSlug(deps.random, wanted.plan.visibility)
    if (wanted.attempt && wanted.attempt.slug !== slug) await wanted.attempt.moveTo(slug)
    const mark = newMark(deps.random)
    const row = make(slug)
    row.write_id = mark
    try {
      await deps.repository.insert(row)
      return toPaste(row)
    } catch (error) {
      if (!(error instanceof DuplicateKey || error instanceof OutcomeUnknown)) throw error
      const found = await withTimeout(deps.repository.find(slug), REREAD_MS).catch((cause) => {
        throw new AppError('commit_unknown', { cause })
      })
      if (bears(found, mark)) return toPaste(row)
      // A missing row proves nothing: the server may still be executing the insert.
      if (error instanceof OutcomeUnknown) throw new AppError('commit_unknown', { cause: error })
      refuseOwn(wanted, found)
      if (custom !== undefined) await refuseTaken(deps, wanted, custom)
      if (attempt === SLUG_ATTEMPTS) throw new AppError('overloaded', { cause: error })
    }
  }
}

/** Throws `idempotency_in_progress` for the row of another request with the same key: only these share a token. */
function refuseOwn({ editToken, attempt }: NewPaste, found: PasteRow | undefined): void {
  if (attempt === undefined || found?.edit_token_hash !== hashToken(editToken)) return
  if (found.state !== 'ended' || found.end_reason === 'abandoned') throw overtaken()
}

async function refuseTaken(deps: CreateDeps, wanted: NewPaste, slug: string): Promise<void> {
  const found = await deps.repository.find(slug)
  if (found === undefined) return
  refuseOwn(wanted, found)
  const ended = found.state === 'ended' || isOver(found.expires_at, deps.clock.now())
  if (ended && found.end_reason !== 'abandoned')
    throw new AppError('slug_quarantined', {
      detail: `"${slug}" belonged to a paste that ended less than 30 days ago. Choose another name.`,
      members: { pointer: '/slug' },
    })
  throw new AppError('slug_taken', {
    detail: `"${slug}" is taken. Choose another name.`,
    members: { pointer: '/slug' },
  })
}

/** The row of a new paste: live, without content. */
export function newRow({ plan, kind, editToken }: NewPaste, slug: string, body: Pick<Body, 'fileName'>): PasteRow {
  return {
    ...BLANK_ROW,
    ...NO_CONTENT,
    slug,
    kind,
    state: 'live',
    created_at: plan.createdAt,
    updated_at: plan.createdAt,
    ...planColumns(plan),
    purge_at: livePurgeAt(plan.expiresAt, null),
    listed_at: plan.visibility === 'public' && kind === 'paste' ? plan.createdAt : null,
    file_name: body.fileName ?? null,
    edit_token_hash: hashToken(editToken),
  }
}
