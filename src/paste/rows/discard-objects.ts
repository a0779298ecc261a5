import type { Content } from '../../content/index.ts'
import { DuplicateKey } from '../../core/index.ts'
import { AGAIN_MS, leftoverSlug } from './life.ts'
import { BLANK_ROW, type PasteRepository } from './repository.ts'
import { NO_CONTENT } from './row.ts'

/**
 * Removes objects that no paste needs any more, and leaves for each a row that has the sweeper remove it once more,
 * ten minutes later: a write that a frozen process or a busy store still has in its hands may land after the first
 * removal. The row has a slug of its own, so the paste's own slug need not wait for it. Can be repeated; throws what
 * the store and the database throw, and then some of it is undone.
 */
export async function discardObjects(deps: LeftoverDeps, keys: readonly string[], now: number): Promise<void> {
  for (const key of keys) {
    await deps.content.remove(key)
    await removeLater(deps, key, now)
  }
}

/**
 * The same for the object of a write that failed, which may be there or not: if the store can't be reached, the row
 * sees to it, and whoever comes next need not wait for the store.
 */
export async function giveUpObject(deps: LeftoverDeps, key: string, now: number): Promise<void> {
  await deps.content.remove(key).catch(() => {})
  await removeLater(deps, key, now)
}

/** Where objects and rows are. */
type LeftoverDeps = { content: Pick<Content, 'remove'>; repository: Pick<PasteRepository, 'insert'> }

async function removeLater({ repository }: LeftoverDeps, key: string, now: number): Promise<void> {
  await repository.insert(leftoverRow(key, now)).catch((error: unknown) => {
    if (!(error instanceof DuplicateKey)) throw error
  })
}

/** Looks to every release like an abandoned upload, which all of them know how to clear away. */
function leftoverRow(key: string, now: number) {
  return {
    ...BLANK_ROW,
    ...NO_CONTENT,
    slug: leftoverSlug(key),
    state: 'ended',
    end_reason: 'abandoned',
    created_at: now,
    updated_at: now,
    ended_at: now,
    expires_at: null,
    purge_at: now + AGAIN_MS,
    visibility: 'private',
    title: null,
    language: null,
    edit_token_hash: '',
    garbage: key,
  } as const
}
