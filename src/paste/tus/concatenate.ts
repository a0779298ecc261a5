import type { Content } from '../../content/index.ts'
import { AppError } from '../../core/index.ts'
import { tooLarge } from '../../http/index.ts'
import type { PasteOptions } from '../model/index.ts'
import type { BegunUpload, UploadFile } from './begin.ts'
import { isPartial, offsetOf, type UploadState } from './state.ts'
import type { ResumableUploads, UploadProgress } from './uploads.ts'

/** The file of a concatenation: its length is that of its parts. */
export type ConcatenatedFile = Omit<UploadFile, 'lengthBytes'>

/** The upload of a concatenation, and its paste. */
export type Concatenated = { begun: BegunUpload; progress: UploadProgress }

/** Joins partial uploads: see `ResumableUploads.concatenate`. Their bytes are sent once more, from the store to itself. */
export async function concatenate(
  deps: {
    find(id: string): Promise<{ state: UploadState }>
    content: Content
    limits: { maxPasteBytes: number }
    uploads: Pick<ResumableUploads, 'begin' | 'append' | 'getProgress' | 'end'>
  },
  options: PasteOptions,
  ids: readonly string[],
  file: ConcatenatedFile,
  key?: string,
): Promise<Concatenated> {
  const { uploads, limits } = deps
  const found = await Promise.all(ids.map((id) => deps.find(id)))
  if (found.some(({ state }) => !isPartial(state) || offsetOf(state) !== state.lengthBytes))
    throw new AppError('bad_request', {
      detail: 'Upload-Concat: final names uploads that are not partial, or not complete.',
    })
  const parts = found.flatMap(({ state }) => state.parts)
  const lengthBytes = parts.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  if (lengthBytes > limits.maxPasteBytes) throw tooLarge(limits.maxPasteBytes)
  const begun = await uploads.begin(options, { ...file, lengthBytes }, key)
  const { offsetBytes } = await uploads.getProgress(begun.id)
  const source = async function* () {
    let skipBytes = offsetBytes
    for (const part of parts)
      for await (const chunk of deps.content.readOnce(part)) {
        yield chunk.subarray(Math.min(skipBytes, chunk.length))
        skipBytes -= Math.min(skipBytes, chunk.length)
      }
  }
  const body = { declaredBytes: lengthBytes - offsetBytes, source: source() }
  const progress = await uploads.append(begun.id, offsetBytes, body)
  // The paste is there: a part that can't be ended now ends a day after its last bytes.
  await Promise.allSettled(ids.map((id) => uploads.end(id)))
  return { begun, progress }
}
