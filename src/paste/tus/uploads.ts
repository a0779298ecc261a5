import { AppError, OutcomeUnknown, settledWithin } from '../../core/index.ts'
import { tooLarge } from '../../http/index.ts'
import type { Paste, PasteOptions } from '../model/index.ts'
import type { PasteRow } from '../rows/index.ts'
import { discardObjects, joinKeys, TIDY_MS, takenOver, toPaste } from '../rows/index.ts'
import { type AppendDeps, appendBody } from './append.ts'
import { type BeginDeps, type BegunUpload, beginUpload, type UploadFile } from './begin.ts'
import { decodeState, offsetOf, parseUploadId, sameHash, type UploadState } from './state.ts'

const SETTLE_MS = 2_500
const ATTEMPTS = 3

/**
 * How far an upload is; `untilAt` (epoch ms) is how long it is kept if nothing comes, null when it is a paste. `made`:
 * the paste, where this very request has made it.
 */
export type UploadProgress = {
  slug: string
  offsetBytes: number
  lengthBytes: number
  untilAt: number | null
  made?: Paste
}

/** A body that continues an upload; `declaredBytes` is undefined for a chunked one. */
export type UploadBody = { declaredBytes: number | undefined; source: AsyncIterable<Buffer> }

/**
 * Uploads that go on after a broken connection, on any replica. All calls but `begin` throw `not_found` for what is no
 * upload, or no longer one; all throw `database_unavailable`, `overloaded`.
 */
export type ResumableUploads = {
  /**
   * Reserves a slug for a file. It is kept for 10 minutes, and for a day from the last bytes that came. With a key, a
   * repetition finds the upload that is there. Throws as `Pastes.create` does for its options.
   */
  begin(options: PasteOptions, file: UploadFile, idempotencyKey?: string): Promise<BegunUpload>
  /** Ends a request of this process that goes on with the upload, so that what came of it counts, and says how far it is. */
  look(id: string): Promise<UploadProgress>
  /**
   * Goes on at an offset, and makes the paste when the last byte comes. Two at once: the later one goes on. When it
   * throws, what came before may have been stored. Throws `offset_mismatch`, `payload_too_large`, `upload_capacity`,
   * `storage_*`, `commit_unknown`, and what reading the body does.
   */
  append(id: string, offsetBytes: number, body: UploadBody): Promise<UploadProgress>
  /** Gives an unfinished upload up, and its slug back; a finished one is `not_found`. */
  end(id: string): Promise<void>
}

/** Uploads over the rows of pastes. */
export function createResumableUploads(deps: AppendDeps & BeginDeps): ResumableUploads {
  const { repository, clock } = deps
  /** What goes on in this process, by slug. */
  const running = new Map<string, { stop: AbortController; over: Promise<void> }>()

  async function find(id: string): Promise<{ row: PasteRow; state: UploadState }> {
    const parsed = parseUploadId(id)
    const row = parsed && (await repository.find(parsed.slug))
    const state = row?.upload ? decodeState(row.upload) : undefined
    if (!parsed || !row || !state || row.state === 'ended' || !sameHash(parsed.secretHash, state.secretHash))
      throw new AppError('not_found', { detail: 'There is no such upload, or it was given up.' })
    return { row, state }
  }

  /** The upload, after what another request of this process had of it is recorded. */
  async function settled(id: string) {
    const found = await find(id)
    const other = running.get(found.row.slug)
    if (other === undefined) return found
    other.stop.abort(takenOver())
    await settledWithin(other.over, SETTLE_MS)
    return find(id)
  }

  function progress({ row, state }: { row: PasteRow; state: UploadState }): UploadProgress {
    const { lengthBytes } = state
    if (row.state === 'live') return { slug: row.slug, offsetBytes: lengthBytes, lengthBytes, untilAt: null }
    return { slug: row.slug, offsetBytes: offsetOf(state), lengthBytes, untilAt: row.purge_at }
  }

  /** Does at once what the sweeper would do for an upload that was given up. */
  async function giveBack(slug: string, keys: string[], endedAt: number): Promise<void> {
    const freed = discardObjects(deps, keys, endedAt).then(() => repository.forget(slug, endedAt))
    await settledWithin(freed, TIDY_MS)
  }

  return {
    begin: (options, file, key) => beginUpload(deps, options, file, key),
    look: async (id) => progress(await settled(id)),
    async append(id, offsetBytes, { declaredBytes, source }) {
      const found = await settled(id)
      const at = progress(found)
      if (offsetBytes !== at.offsetBytes)
        throw new AppError('offset_mismatch', {
          detail: `The upload is at ${at.offsetBytes} of ${at.lengthBytes} bytes.`,
          members: { offsetBytes: at.offsetBytes },
        })
      const restBytes = at.lengthBytes - at.offsetBytes
      if (declaredBytes !== undefined && declaredBytes > restBytes) throw tooLarge(restBytes)
      if (restBytes === 0) return at
      await deps.uploads.run(async () => {
        const stop = new AbortController()
        const work = appendBody(deps, found.row, source, stop.signal)
        const entry = { stop, over: work.catch(() => {}) }
        running.set(at.slug, entry)
        await work.finally(() => running.get(at.slug) === entry && running.delete(at.slug))
      })
      const now = await find(id)
      return now.row.state === 'live' ? { ...progress(now), made: toPaste(now.row) } : progress(now)
    },
    async end(id) {
      for (let attempt = 1; ; attempt++) {
        const { row } = await settled(id)
        if (row.state === 'live') throw new AppError('not_found', { detail: 'This upload is a paste now.' })
        const now = clock.now()
        const garbage = joinKeys(row.object_key, row.garbage)
        const end = { end_reason: 'abandoned', ended_at: now, purge_at: now, garbage } as const
        const guard = { version: row.version, purge_at: row.purge_at ?? 0 }
        const ended = await repository.end(row.slug, 'uploading', end, guard).catch((error) => {
          throw error instanceof OutcomeUnknown ? new AppError('commit_unknown', { cause: error }) : error
        })
        if (ended === 1) return giveBack(row.slug, garbage?.split(',') ?? [], now)
        if (attempt === ATTEMPTS) throw takenOver()
      }
    },
  }
}
