import { AppError } from '../core/index.ts'
import { type S3Bucket, s3Error } from './s3-client.ts'
import { abortUpload, startUpload, type Upload } from './s3-upload.ts'
import type { ObjectWriter } from './store.ts'

/** The smallest part that S3 takes; only the last may be shorter. */
const PART_BYTES = 5 * 1024 * 1024

/**
 * Collects owned buffers of one part each, because a live stream as a request body crashes the process when its client
 * hangs up and can not be sent again. An object of one part is one PutObject; a longer one a multipart upload with at
 * most one part on its way while the next is filled: 10 MiB of memory.
 */
export function createS3Writer(bucket: S3Bucket, key: string): ObjectWriter {
  const { sdk, client, name, limits } = bucket
  const target = { Bucket: name, Key: key }
  const ending = new AbortController()
  let upload: Upload | undefined
  let part: Buffer = Buffer.alloc(0)
  let spare: Buffer | undefined
  let filled = 0
  let writtenBytes = 0
  let ended = false
  let publishing = false
  let sending: Promise<void> = Promise.resolve()

  const sendPart = async () => {
    const full = part
    const bytes = full.subarray(0, filled)
    await sending
    upload ??= await startUpload(bucket, key, ending.signal)
    sending = upload.send(bytes, ending.signal).then(() => {
      spare = full
    })
    sending.catch(() => {})
    part = spare ?? Buffer.allocUnsafeSlow(PART_BYTES)
    spare = undefined
    filled = 0
  }
  const append = async (chunk: Buffer) => {
    for (let used = 0; used < chunk.length; ) {
      if (part.length === 0) part = Buffer.allocUnsafeSlow(PART_BYTES)
      if (filled === PART_BYTES) await sendPart()
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
      const put = new sdk.PutObjectCommand({ ...target, Body: part.subarray(0, filled), ContentLength: filled })
      await client.send(put, limits(filled, ending.signal))
    } else {
      await sendPart()
      await sending
      // A lost answer, an error inside a 200, NoSuchUpload for the second attempt of a call that had worked: what
      // counts is whether the object is there. Its size tells, the ETag of a multipart object does not (RGW).
      await upload.complete(ending.signal).catch(async (error: unknown) => {
        if ((await storedBytes().catch(() => undefined)) !== sizeBytes) throw error
      })
    }
    if ((await storedBytes()) !== sizeBytes) throw new Error('the store kept another number of bytes')
  }
  const discard = async () => {
    ending.abort()
    await sending.catch(() => {})
    if (upload) await abortUpload(bucket, key, upload.id).catch(() => {})
    if (publishing) await client.send(new sdk.DeleteObjectCommand(target), limits(0)).catch(() => {})
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
