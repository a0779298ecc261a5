import { hash } from 'node:crypto'
import { isAppError } from '../../core/index.ts'
import { isOver } from '../../expiry/index.ts'
import { generateSlug } from '../../shortening/index.ts'
import type { Body, CreatedPaste, PasteOptions } from '../model/index.ts'
import { abandonUpload, liveOrThrow, type PasteRow, toPaste, wasPaste } from '../rows/index.ts'
import { type Attempt, takeOver } from './attempt.ts'
import { createPaste } from './create.ts'
import { digest } from './digest.ts'
import { inProgress, mismatch, overtaken } from './idempotency-errors.ts'
import { type IdempotencyKeys, runAttempt } from './idempotency-keys.ts'
import type { CreateDeps, NewPaste } from './new-paste.ts'
import { hashToken } from './tokens.ts'

/**
 * Creates a paste under an Idempotency-Key: repetitions on any replica create no second paste and get the same answer,
 * edit token included. Throws `idempotency_in_progress` while the first request runs, `idempotency_mismatch` for
 * another request under the same key, and as `createPaste` does.
 */
export async function createIdempotently(
  deps: CreateDeps & { keys: IdempotencyKeys },
  wanted: Omit<NewPaste, 'editToken'>,
  options: PasteOptions,
  body: Body,
  key: string,
): Promise<CreatedPaste> {
  const request = [wanted.kind, body.mediaType ?? '', body.fileName ?? '', Object.entries(options).sort()]
  const slug = wanted.plan.slug ?? generateSlug(deps.random, wanted.plan.visibility)
  const attempt = await deps.keys.begin(key, hash('sha256', JSON.stringify(request), 'hex'), slug)
  if (attempt.state !== 'new') {
    const replayed = await replay(deps, attempt, body)
    if (replayed) return replayed
  }
  const { editToken } = attempt
  const paste = await runAttempt(
    attempt,
    () => createPaste(deps, { ...wanted, editToken, attempt }, body),
    ({ content }) => content.sha256,
  ).catch((error: unknown) => {
    if (isAppError(error, 'idempotency_in_progress')) return undefined
    throw error
  })
  if (paste) return { paste, editToken }
  // A request that took the key over came first. A stream is spent, so its repetition gets the answer.
  const other = Buffer.isBuffer(body.source) ? await answerOf(deps, attempt, body) : undefined
  if (other === undefined) throw overtaken()
  return other
}

/** The answer of an earlier attempt, or undefined when it left no paste and was taken over. */
async function replay(deps: CreateDeps, attempt: Attempt, body: Body): Promise<CreatedPaste | undefined> {
  const saved = await findSaved(deps, attempt)
  const isRunning = attempt.state === 'running' && !attempt.overdue
  if (saved === undefined) {
    await takeOver(attempt, isRunning)
    return undefined
  }
  if (saved.state === 'uploading') {
    const now = deps.clock.now()
    await takeOver(attempt, isRunning || !isOver(saved.purge_at, deps.clock.doubt?.()?.earliest ?? now))
    // Its process died, or froze and can't make it live once it is ended here.
    if (!(await abandonUpload(deps, saved, now))) throw inProgress()
    return undefined
  }
  // No content is left to compare with. The slug is free once the sweeper is done.
  if (saved.end_reason === 'abandoned') throw inProgress()
  const other = await answer(deps, attempt, saved, body)
  if (attempt.state === 'running') await attempt.done(saved.sha256)
  return other
}

/** The answer of the request that took this one's key over; undefined while it has none. */
async function answerOf(deps: CreateDeps, attempt: Attempt, body: Body): Promise<CreatedPaste | undefined> {
  const saved = await findSaved(deps, attempt)
  return saved === undefined || !wasPaste(saved) ? undefined : answer(deps, attempt, saved, body)
}

/** The row at the attempt's slug, if a request with its key made it. */
async function findSaved(deps: CreateDeps, attempt: Attempt): Promise<PasteRow | undefined> {
  const found = await deps.repository.find(attempt.slug)
  return found?.edit_token_hash === hashToken(attempt.editToken) ? found : undefined
}

async function answer(deps: CreateDeps, attempt: Attempt, saved: PasteRow, body: Body): Promise<CreatedPaste> {
  if ((await digest(body, deps.limits.maxPasteBytes)) !== (attempt.sha256 ?? saved.sha256)) throw mismatch()
  liveOrThrow(saved, deps.clock)
  return { paste: toPaste(saved), editToken: attempt.editToken, again: true }
}
