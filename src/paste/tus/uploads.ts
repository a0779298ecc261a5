import { AppError, settledWithin } from '../../core/index.ts'
import { type Intake, tooLarge } from '../../http/index.ts'
import type { Paste, PasteOptions } from '../model/index.ts'
import { abandonUpload, type PasteRow, toPaste, uploadTakenOver } from '../rows/index.ts'
import { appendBody } from './append.ts'
import { type BeginDeps, type BegunUpload, beginUpload, type UploadFile } from './begin.ts'
import { type Concatenated, type ConcatenatedFile, concatenate } from './concatenate.ts'
import type { AppendDeps } from './lease.ts'
import { decodeState, isPartial, offsetOf, parseUploadId, sameHash, type UploadState } from './state.ts'

const SETTLE_MS = 2_500
const ATTEMPTS = 3

/**
 * An upload's progress; `untilAt` (epoch ms): when it ends without further bytes, null once it is a paste. `created`: the
 * paste, if this request completed it.
 */
export type UploadProgress = Pick<UploadState, 'lengthBytes' | 'metadata' | 'concat'> & {
  slug: string
  offsetBytes: number
  untilAt: number | null
  created?: Paste
}

/** A body that continues an upload. */
export type UploadBody = {
  /** Undefined for a chunked one. */
  declaredBytes: number | undefined
  source: AsyncIterable<Buffer>
  /** The length of the whole content, where an upload learns it only now. */
  lengthBytes?: number | undefined
  /** Whether it throws at its end when it is not what the client sent. */
  isChecked?: boolean
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
  /**
   * Joins complete partial uploads to one content and creates its paste; they are gone then. Throws `bad_request` for
   * uploads that are no such parts, and as `begin` and `append` do.
   */
  concatenate(
    options: PasteOptions,
    ids: readonly string[],
    file: ConcatenatedFile,
    key?: string,
  ): Promise<Concatenated>
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
    const { lengthBytes, metadata, concat } = state
    const about = { slug: row.slug, lengthBytes, metadata, concat }
    if (row.state === 'live') return { ...about, offsetBytes: lengthBytes ?? row.size_bytes ?? 0, untilAt: null }
    return { ...about, offsetBytes: offsetOf(state), untilAt: row.purge_at }
  }

  const uploads: ResumableUploads = {
    begin: (options, file, key) => beginUpload(deps, options, file, key),
    getProgress: async (id) => progress(await findSettled(id)),
    concatenate: (options, ids, file, key) =>
      concatenate({ find, content: deps.content, limits: deps.limits, uploads }, options, ids, file, key),
    async append(id, offsetBytes, { declaredBytes, source, lengthBytes, isChecked = false, intake }) {
      const found = await findSettled(id)
      const at = progress(found)
      if (at.concat?.startsWith('final') && at.untilAt === null)
        throw new AppError('upload_final', { detail: 'It is made of other uploads, and complete.' })
      if (offsetBytes !== at.offsetBytes)
        throw new AppError('offset_mismatch', {
          detail: `The upload is at ${at.offsetBytes} of ${at.lengthBytes ?? 'an unknown number of'} bytes.`,
          members: { offsetBytes: at.offsetBytes },
        })
      const total = at.lengthBytes ?? lengthBytes
      if (total !== (lengthBytes ?? total) || (total ?? at.offsetBytes) < at.offsetBytes)
        throw new AppError('bad_request', { detail: 'The upload has another Upload-Length.' })
      const learnt = at.lengthBytes === null ? total : undefined
      const restBytes = (total ?? deps.limits.maxPasteBytes) - at.offsetBytes
      if (declaredBytes !== undefined && declaredBytes > restBytes) throw tooLarge(restBytes)
      if (restBytes === 0 && (at.untilAt === null || isPartial(found.state))) return at
      deps.space?.refuse(restBytes)
      await deps.uploads.run(async () => {
        const stop = new AbortController()
        const work = appendBody(deps, found.row, source, { stop: stop.signal, lengthBytes: learnt, atomic: isChecked })
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
        if (await abandonUpload(deps, row, clock.now())) return
        if (attempt === ATTEMPTS) throw uploadTakenOver()
      }
    },
  }
  return uploads
}
