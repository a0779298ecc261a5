import { AppError, DuplicateKey, OutcomeUnknown, withTimeout } from '../../core/index.ts'
import { isOver } from '../../expiry/index.ts'
import { generateSlug } from '../../shortening/index.ts'
import type { Body, Paste } from '../model/index.ts'
import { BLANK_ROW, bears, livePurgeAt, NO_CONTENT, newMark, type PasteRow, REREAD_MS, toPaste } from '../rows/index.ts'
import { overtaken } from './idempotency-errors.ts'
import { planColumns } from './late-options.ts'
import type { CreateDeps, NewPaste } from './new-paste.ts'
import { hashToken } from './tokens.ts'

const SLUG_ATTEMPTS = 5

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

/** Throws `slug_taken`, or `slug_quarantined` while the row of an ended paste keeps its slug. */
export async function refuseTaken(deps: CreateDeps, wanted: NewPaste, slug: string): Promise<void> {
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
