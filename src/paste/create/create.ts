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
  contentColumns,
  discardFailedWrite,
  isOutcomeUnknown,
  LEASE_MS,
  livePurgeAt,
  NO_CONTENT,
  type PasteRepository,
  type PasteRow,
  REREAD_MS,
  TIDY_MS,
  toPaste,
} from '../rows/index.ts'
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
export type NewPaste = { plan: PastePlan; kind: Paste['kind']; editToken: string; slug?: string | undefined }

/**
 * Makes a paste durable. A small body goes into its row by one insert. A large one reserves its slug, streams into the
 * store, then goes live by one conditional update; a taken slug is refused before its body is read. Throws as
 * `Pastes.create` does.
 */
export async function createPaste(deps: CreateDeps, wanted: NewPaste, body: Body): Promise<Paste> {
  refuseIfFull(deps, body)
  const custom = wanted.plan.slug
  if (custom !== undefined && !Buffer.isBuffer(body.source)) await refuseTaken(deps, custom)
  return withBodyStart(deps, body, async (small) => {
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
  const reserved = await insertRow(deps, wanted, (slug) => ({
    ...newRow(wanted, slug, body),
    ...NO_CONTENT,
    state: 'uploading',
    object_key: objectKey,
    purge_at: deps.clock.now() + LEASE_MS,
    listed_at: null,
  }))
  const { slug } = reserved
  const { repository } = deps
  try {
    const content = await upload(deps, body, small, objectKey, () =>
      repository.changeUpload(slug, objectKey, { purge_at: deps.clock.now() + LEASE_MS }),
    )
    const now = deps.clock.now()
    const listed = wanted.plan.visibility === 'public' && wanted.kind === 'paste'
    const times = { updated_at: now, purge_at: livePurgeAt(reserved.expiresAt, null), listed_at: listed ? now : null }
    const set = { ...contentColumns(content), ...times, state: 'live' } as const
    await goLive(deps, reserved, () => repository.changeUpload(slug, objectKey, set))
    return { ...reserved, updatedAt: now, content }
  } catch (error) {
    await giveBack(deps, slug, objectKey, error)
    throw error
  }
}

/** Makes an upload live; rereads the row if the statement's answer was lost. */
async function goLive(deps: CreateDeps, reserved: Paste, complete: () => Promise<number>): Promise<void> {
  try {
    if ((await complete()) === 1) return
  } catch (error) {
    if (!(error instanceof OutcomeUnknown)) throw error
  }
  const found = await withTimeout(deps.repository.find(reserved.slug), REREAD_MS).catch((cause) => {
    throw new AppError('commit_unknown', { cause })
  })
  // Compares the token: inline content leaves no object key, and the slug may belong to another paste by now.
  const state = found?.edit_token_hash === reserved.editTokenHash ? found.state : undefined
  if (state === 'live') return
  if (state === 'uploading') throw new AppError('commit_unknown')
  throw new AppError('overloaded', { detail: 'The upload took too long and its place was given up. Send it again.' })
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
    const slug =
      custom ?? (attempt === 1 ? wanted.slug : undefined) ?? generateSlug(deps.random, wanted.plan.visibility)
    const row = make(slug)
    try {
      await deps.repository.insert(row)
      return toPaste(row)
    } catch (error) {
      if (!(error instanceof DuplicateKey || error instanceof OutcomeUnknown)) throw error
      if (await wasInserted(deps, row, error)) return toPaste(row)
      if (custom !== undefined) await refuseTaken(deps, custom)
      if (attempt === SLUG_ATTEMPTS) throw new AppError('overloaded', { cause: error })
    }
  }
}

/** Whether a failed insert added the row all the same, because only its answer was lost. */
async function wasInserted(deps: CreateDeps, row: PasteRow, error: Error): Promise<boolean> {
  const found = await withTimeout(deps.repository.find(row.slug), REREAD_MS).catch((cause) => {
    throw new AppError('commit_unknown', { cause })
  })
  if (found?.edit_token_hash === row.edit_token_hash && found.object_key === row.object_key) return true
  // A missing row proves nothing: the server may still be executing the insert.
  if (error instanceof OutcomeUnknown && found === undefined) throw new AppError('commit_unknown', { cause: error })
  return false
}

async function refuseTaken(deps: CreateDeps, slug: string): Promise<void> {
  const found = await deps.repository.find(slug)
  if (found === undefined) return
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
    expires_at: plan.expiresAt,
    purge_at: livePurgeAt(plan.expiresAt, null),
    listed_at: plan.visibility === 'public' && kind === 'paste' ? plan.createdAt : null,
    visibility: plan.visibility,
    title: plan.title,
    language: plan.language,
    max_views: plan.maxViews,
    file_name: body.fileName ?? null,
    edit_token_hash: hashToken(editToken),
  }
}
