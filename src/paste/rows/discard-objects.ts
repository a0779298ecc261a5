import type { Content } from '../../content/index.ts'
import { DuplicateKey } from '../../core/index.ts'
import { SECOND_DELETE_DELAY_MS, secondDeleteSlug } from './life.ts'
import { BLANK_ROW, type PasteRepository } from './repository.ts'
import { NO_CONTENT } from './row.ts'

/**
 * Removes objects that no paste needs any more, and schedules a second removal by the sweeper ten minutes later: a
 * write held up by a frozen process or a busy store may land after the first removal. The row that schedules it has its
 * own slug, so the paste's slug is free at once. Can be repeated after an error of the store or the database.
 */
export async function discardObjects(deps: DiscardDeps, keys: readonly string[], now: number): Promise<void> {
  for (const key of keys) {
    await deps.content.remove(key)
    await scheduleSecondDelete(deps, key, now)
  }
}

/**
 * The same for the object of a failed write, which may exist or not. Ignores an unreachable store: the second removal
 * suffices.
 */
export async function discardFailedWrite(deps: DiscardDeps, key: string, now: number): Promise<void> {
  await deps.content.remove(key).catch(() => {})
  await scheduleSecondDelete(deps, key, now)
}

/** Dependencies of a removal. */
export type DiscardDeps = { content: Pick<Content, 'remove'>; repository: Pick<PasteRepository, 'insert'> }

async function scheduleSecondDelete({ repository }: DiscardDeps, key: string, now: number): Promise<void> {
  await repository.insert(secondDeleteRow(key, now)).catch((error: unknown) => {
    if (!(error instanceof DuplicateKey)) throw error
  })
}

/** Looks like an abandoned upload, which older releases can clean up too. */
function secondDeleteRow(key: string, now: number) {
  return {
    ...BLANK_ROW,
    ...NO_CONTENT,
    slug: secondDeleteSlug(key),
    state: 'ended',
    end_reason: 'abandoned',
    created_at: now,
    updated_at: now,
    ended_at: now,
    expires_at: null,
    purge_at: now + SECOND_DELETE_DELAY_MS,
    visibility: 'private',
    title: null,
    language: null,
    edit_token_hash: '',
    garbage: key,
  } as const
}
