import { AppError, OutcomeUnknown, settledWithin } from '../../core/index.ts'
import { type Intake, tooLarge } from '../../http/index.ts'
import type { Paste, PasteOptions } from '../model/index.ts'
import { discardObjects, joinKeys, type PasteRow, TIDY_MS, toPaste, uploadTakenOver } from '../rows/index.ts'
import { type AppendDeps, appendBody } from './append.ts'
import { type BeginDeps, type BegunUpload, beginUpload, type UploadFile } from './begin.ts'
import { decodeState, offsetOf, parseUploadId, sameHash, type UploadState } from './state.ts'

const SETTLE_MS = 2_500
const ATTEMPTS = 3

/**
 * An upload's progress; `untilAt` (epoch ms): when it ends without further bytes, null once it is a paste. `created`: the
 * paste, if this request completed it.
 */
export type UploadProgress = {
  slug: string
  offsetBytes: number
  lengthBytes: number
  untilAt: number | null
  created?: Paste
}

/** A body that continues an upload; `declaredBytes` is undefined for a chunked one. */
export type UploadBody = {
  declaredBytes: number | undefined
  source: AsyncIterable<Buffer>
  intake?: Intake | undefined
}

/**
 * Uploads that continue after a broken connection, on any replica. All calls but `begin` throw `not_found` for unknown and
 * ended uploads; all throw `database_unavailable`, `overloaded`.
 */
export type ResumableUploads = {
  /**
   * Reserves a slug for a file: for 10 minutes, and for a day after the last received bytes. With a key, a repetition
   * returns the same upload. Throws as `Pastes.create` does for its options.
   */
  begin(options: PasteOptions, file: UploadFile, idempotencyKey?: string): Promise<BegunUpload>
  /** The progress, after stopping a request of this process that still appends, so that its bytes count. */
  getProgress(id: string): Promise<UploadProgress>
  /**
   * Appends at an offset and creates the paste with the last byte. A later request takes over from an earlier one. When
   * it throws, earlier bytes may have been stored. Throws `offset_mismatch`, `payload_too_large`, `upload_capacity`,
   * `storage_*`, `commit_unknown`, and the body's errors.
   */
  append(id: string, offsetBytes: number, body: UploadBody): Promise<UploadProgress>
  /** Ends an unfinished upload and frees its slug; a finished one is `not_found`. */
  end(id: string): Promise<void>
}

/** Resumable uploads, stored in the rows of pastes. */
export function createResumableUploads(deps: AppendDeps & BeginDeps): ResumableUploads {
  const { repository, clock } = deps
  /** Requests of this process that append, by slug. */
  const running = new Map<string, { stop: AbortController; finished: Promise<void> }>()

  async function find(id: string): Promise<{ row: PasteRow; state: UploadState }> {
    const parsed = parseUploadId(id)
    const row = parsed && (await repository.find(parsed.slug))
    const state = row?.upload ? decodeState(row.upload) : undefined
    if (!parsed || !row || !state || row.state === 'ended' || !sameHash(parsed.secretHash, state.secretHash))
      throw new AppError('not_found', { detail: 'There is no such upload, or it has ended. Begin a new one.' })
    return { row, state }
  }

  /** The upload, after another request of this process that appends has stopped and recorded its bytes. */
  async function findSettled(id: string) {
    const found = await find(id)
    const other = running.get(found.row.slug)
    if (other === undefined) return found
    other.stop.abort(uploadTakenOver())
    await settledWithin(other.finished, SETTLE_MS)
    return find(id)
  }

  function progress({ row, state }: { row: PasteRow; state: UploadState }): UploadProgress {
    const { lengthBytes } = state
    if (row.state === 'live') return { slug: row.slug, offsetBytes: lengthBytes, lengthBytes, untilAt: null }
    return { slug: row.slug, offsetBytes: offsetOf(state), lengthBytes, untilAt: row.purge_at }
  }

  /** Cleans up an ended upload now instead of waiting for the sweeper. */
  async function giveBack(slug: string, keys: string[], endedAt: number): Promise<void> {
    const freed = discardObjects(deps, keys, endedAt).then(() => repository.forget(slug, endedAt))
    await settledWithin(freed, TIDY_MS)
  }

  return {
    begin: (options, file, key) => beginUpload(deps, options, file, key),
    getProgress: async (id) => progress(await findSettled(id)),
    async append(id, offsetBytes, { declaredBytes, source, intake }) {
      const found = await findSettled(id)
      const at = progress(found)
      if (offsetBytes !== at.offsetBytes)
        throw new AppError('offset_mismatch', {
          detail: `The upload is at ${at.offsetBytes} of ${at.lengthBytes} bytes.`,
          members: { offsetBytes: at.offsetBytes },
        })
      const restBytes = at.lengthBytes - at.offsetBytes
      if (declaredBytes !== undefined && declaredBytes > restBytes) throw tooLarge(restBytes)
      if (restBytes === 0) return at
      deps.space?.refuse(restBytes)
      await deps.uploads.run(async () => {
        const stop = new AbortController()
        const work = appendBody(deps, found.row, source, stop.signal)
        const entry = { stop, finished: work.catch(() => {}) }
        running.set(at.slug, entry)
        await work.finally(() => running.get(at.slug) === entry && running.delete(at.slug))
      }, intake)
      const now = await find(id)
      return now.row.state === 'live' ? { ...progress(now), created: toPaste(now.row) } : progress(now)
    },
    async end(id) {
      for (let attempt = 1; ; attempt++) {
        const { row } = await findSettled(id)
        if (row.state === 'live') throw new AppError('not_found', { detail: 'This upload is a paste now.' })
        const now = clock.now()
        const garbage = joinKeys(row.object_key, row.garbage)
        const end = { end_reason: 'abandoned', ended_at: now, purge_at: now, garbage } as const
        const guard = { version: row.version, purge_at: row.purge_at ?? 0 }
        const ended = await repository.end(row.slug, 'uploading', end, guard).catch((error) => {
          throw error instanceof OutcomeUnknown ? new AppError('commit_unknown', { cause: error }) : error
        })
        if (ended === 1) return giveBack(row.slug, garbage?.split(',') ?? [], now)
        if (attempt === ATTEMPTS) throw uploadTakenOver()
      }
    },
  }
}
