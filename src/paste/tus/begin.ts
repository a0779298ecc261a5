import { hash } from 'node:crypto'
import type { ExpiryLimits } from '../../expiry/index.ts'
import { generateObjectKey, generateSlug } from '../../shortening/index.ts'
import {
  type Attempt,
  type CreateDeps,
  hashToken,
  type IdempotencyKeys,
  insertRow,
  newEditToken,
  newRow,
  type OptionRules,
  planPaste,
  runAttempt,
  takeOver,
} from '../create/index.ts'
import type { PasteOptions } from '../model/index.ts'
import { NO_CONTENT } from '../rows/index.ts'
import { encodeState, type UploadState, uploadId, uploadSecret } from './state.ts'

/** How long an upload without any byte keeps its slug. */
export const EMPTY_PATIENCE_MS = 600_000

/** The file of an upload: at least one byte, or (null) as many as will come. The rest as in {@link UploadState}. */
export type UploadFile = Pick<UploadState, 'lengthBytes' | 'metadata' | 'concat'> & {
  fileName?: string | undefined
  mediaType?: string | undefined
}

/** A new upload: its id, and slug and edit token of the future paste. */
export type BegunUpload = { id: string; slug: string; editToken: string; untilAt: number }

/** Dependencies of a new upload. */
export type BeginDeps = CreateDeps & OptionRules & { keys: IdempotencyKeys; expiry: ExpiryLimits }

/** Reserves a slug for a resumable upload, see `ResumableUploads.begin`. */
export async function beginUpload(
  deps: BeginDeps,
  options: PasteOptions,
  file: UploadFile,
  idempotencyKey?: string,
): Promise<BegunUpload> {
  deps.space?.refuse(file.lengthBytes ?? undefined)
  const plan = planPaste(options, deps)
  const insert = async (editToken: string, attempt?: Attempt): Promise<BegunUpload> => {
    const secret = uploadSecret(editToken)
    const untilAt = deps.clock.now() + EMPTY_PATIENCE_MS
    const wanted = { plan, kind: 'paste', editToken, attempt } as const
    // A relative expiry starts when the upload completes, because a long upload could outlast it.
    const isFixed = options.expiresAt !== undefined || plan.expiresAt === null
    const paste = await insertRow(deps, wanted, (name) => ({
      ...newRow(wanted, name, file),
      ...NO_CONTENT,
      state: 'uploading',
      object_key: generateObjectKey(deps.random),
      purge_at: untilAt,
      listed_at: null,
      expires_at: isFixed ? plan.expiresAt : null,
      upload: encodeState({
        secretHash: hashToken(secret),
        lengthBytes: file.lengthBytes,
        mediaType: file.mediaType,
        metadata: file.metadata,
        concat: file.concat,
        lifeMs: isFixed ? null : (plan.expiresAt ?? 0) - plan.createdAt,
        parts: [],
      }),
    }))
    return { id: uploadId(paste.slug, secret), slug: paste.slug, editToken, untilAt }
  }
  if (idempotencyKey === undefined) return insert(newEditToken(deps.random))

  const request = [
    'upload',
    file.lengthBytes,
    file.fileName,
    file.mediaType,
    file.concat,
    Object.entries(options).sort(),
  ]
  const slug = plan.slug ?? generateSlug(deps.random, plan.visibility)
  const attempt = await deps.keys.begin(idempotencyKey, hash('sha256', JSON.stringify(request), 'hex'), slug)
  const { editToken } = attempt
  if (attempt.state !== 'new') {
    const row = await deps.repository.find(attempt.slug)
    if (row && row.edit_token_hash === hashToken(editToken) && row.state !== 'ended' && row.upload !== null)
      return { id: uploadId(row.slug, uploadSecret(editToken)), slug: row.slug, editToken, untilAt: row.purge_at ?? 0 }
    await takeOver(attempt, attempt.state === 'running' && !attempt.overdue)
  }
  // Recorded as done, so that a repetition can begin again as soon as the upload has ended.
  return runAttempt(
    attempt,
    () => insert(editToken, attempt),
    () => '',
  )
}
