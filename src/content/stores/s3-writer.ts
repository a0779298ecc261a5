import { AppError } from '../../core/index.ts'
import { PART_BYTES } from './part-buffers.ts'
import { type S3Bucket, s3Error } from './s3-client.ts'
import { abortUpload, startUpload, type Upload } from './s3-upload.ts'
import type { ObjectWriter } from './store.ts'

const DISCARD_MS = 2_000

/**
 * Collects owned buffers of one part each, because a live stream as a request body crashes the process when its client
 * hangs up and can not be sent again. An object of one part is one PutObject; a longer one a multipart upload with one
 * part on its way at a time, and, where memory allows, the next being filled: 5 MiB, or 10.
 */
export function createS3Writer(bucket: S3Bucket, key: string): ObjectWriter {
  const { sdk, client, name, limits, buffers } = bucket
  const target = { Bucket: name, Key: key }
  const ending = new AbortController()
  let upload: Upload | undefined
  let part: Buffer | undefined
  let second: Buffer | undefined
  let filled = 0
  let writtenBytes = 0
  let ended = false
  let publishing = false
  let sending: Promise<void> = Promise.resolve()

  const sendPart = async (full: Buffer) => {
    await sending
    upload ??= await startUpload(bucket, key, ending.signal)
    sending = upload.send(full.subarray(0, filled), ending.signal)
    sending.catch(() => {})
    filled = 0
  }
  const append = async (chunk: Buffer) => {
    part ??= buffers.take()
    for (let used = 0; used < chunk.length; ) {
      if (filled === PART_BYTES) {
        await sendPart(part)
        // An abort that came meanwhile has given back what there was.
        refuseIfEnded()
        second ??= buffers.takeSecond()
        if (second) [part, second] = [second, part]
        else await sending
      }
      const copied = chunk.copy(part, filled, used)
      filled += copied
      used += copied
    }
    writtenBytes += chunk.length
  }
  const storedBytes = async (): Promise<number | undefined> => {
    const head = await client.send(new sdk.HeadObjectCommand(target), limits(0, ending.signal))
    return head.ContentLength
  }
  const publish = async (sizeBytes: number) => {
    if (writtenBytes !== sizeBytes) throw new Error(`${writtenBytes} of ${sizeBytes} bytes were written`)
    publishing = true
    if (upload === undefined) {
      const body = (part ?? Buffer.alloc(0)).subarray(0, filled)
      const put = new sdk.PutObjectCommand({ ...target, Body: body, ContentLength: filled })
      await client.send(put, limits(filled, ending.signal))
    } else {
      if (part) await sendPart(part)
      await sending
      // A lost answer, an error inside a 200, NoSuchUpload for the second attempt of a call that had worked: what
      // counts is whether the object is there. Its size shows that; the ETag of a multipart object does not (RGW).
      await upload.complete(ending.signal).catch(async (error: unknown) => {
        if ((await storedBytes().catch(() => undefined)) !== sizeBytes) throw error
      })
    }
    if ((await storedBytes()) !== sizeBytes) throw new Error('the store kept another number of bytes')
    buffers.giveBack(part, second)
  }
  const discard = async () => {
    ending.abort()
    buffers.drop(second)
    await sending.catch(() => {})
    // Best effort: the caller has failed already, and the sweeper removes the key again.
    const soon = AbortSignal.timeout(DISCARD_MS)
    if (upload) await abortUpload(bucket, key, upload.id, soon).catch(() => {})
    if (publishing) await client.send(new sdk.DeleteObjectCommand(target), limits(0, soon)).catch(() => {})
  }
  const refuseIfEnded = () => {
    if (ended) throw new AppError('storage_unavailable', { detail: 'The write was ended.' })
  }
  return {
    async write(chunk) {
      refuseIfEnded()
      await append(chunk).catch((error: unknown) => {
        throw s3Error(error)
      })
    },
    async commit(sizeBytes) {
      refuseIfEnded()
      ended = true
      await publish(sizeBytes).catch(async (error: unknown) => {
        await discard()
        throw s3Error(error)
      })
    },
    async abort() {
      if (ended) return
      ended = true
      await discard()
    },
  }
}
