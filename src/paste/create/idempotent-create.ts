import { createHash, hash } from 'node:crypto'
import { AppError } from '../../core/index.ts'
import { isOver } from '../../expiry/index.ts'
import { tooLarge } from '../../http/index.ts'
import { generateSlug } from '../../shortening/index.ts'
import type { Body, CreatedPaste, PasteOptions } from '../model/index.ts'
import { liveOrThrow, toPaste } from '../rows/index.ts'
import { type CreateDeps, createPaste, type NewPaste } from './create.ts'
import { type Attempt, type IdempotencyKeys, mismatch, runAttempt, takeOver } from './idempotency-keys.ts'
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
    () => createPaste(deps, { ...wanted, editToken, slug: attempt.slug }, body),
    ({ slug, content }) => ({ slug, sha256: content.sha256 }),
  )
  return { paste, editToken }
}

/** The answer of an earlier attempt, or undefined when it left no paste and was taken over. */
async function replay(deps: CreateDeps, attempt: Attempt, body: Body): Promise<CreatedPaste | undefined> {
  const found = await deps.repository.find(attempt.slug)
  const saved = found?.edit_token_hash === hashToken(attempt.editToken) ? found : undefined
  if (saved === undefined || saved.state === 'uploading') {
    const isUploading =
      saved !== undefined && !isOver(saved.purge_at, deps.clock.doubt?.()?.earliest ?? deps.clock.now())
    await takeOver(attempt, attempt.state === 'running' && (!attempt.overdue || isUploading))
    return undefined
  }
  // No content is left to compare with. The slug is free once the sweeper is done.
  if (saved.end_reason === 'abandoned') throw new AppError('overloaded')
  if ((await digest(body, deps.limits.maxPasteBytes)) !== (attempt.sha256 ?? saved.sha256)) throw mismatch()
  liveOrThrow(saved, deps.clock)
  if (attempt.state === 'running') await attempt.done(saved.slug, saved.sha256)
  return { paste: toPaste(saved), editToken: attempt.editToken, again: true }
}

async function digest(body: Body, maxBytes: number): Promise<string> {
  if (Buffer.isBuffer(body.source)) return hash('sha256', body.source, 'hex')
  const sum = createHash('sha256')
  let total = 0
  for await (const chunk of body.source) {
    total += chunk.length
    if (total > maxBytes) throw tooLarge(maxBytes)
    sum.update(chunk)
  }
  return sum.digest('hex')
}
