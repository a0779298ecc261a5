import type { Readable } from 'node:stream'
import { type AppError, DamagedContent } from '../../core/index.ts'
import { askBucket, prepareBucket } from './s3-bucket.ts'
import { openS3Bucket, type S3Bucket, type S3Options, s3Error } from './s3-client.ts'
import { abortUpload, listUploads, openUploads } from './s3-upload.ts'
import { createS3Writer } from './s3-writer.ts'
import type { ObjectStore } from './store.ts'

/** Objects in a bucket of any S3-compatible storage. Loads the SDK, connects nothing yet. */
export async function createS3Store(options: S3Options): Promise<ObjectStore> {
  const bucket = await openS3Bucket(options)
  const { sdk, client, name, limits } = bucket
  return {
    name: 's3',
    create: (key) => createS3Writer(bucket, key),
    async read(key, offset, length, signal) {
      signal?.throwIfAborted()
      try {
        return await readRange(bucket, key, offset, length, signal)
      } catch (error) {
        signal?.throwIfAborted()
        throw s3Error(error)
      }
    },
    remove: (key) =>
      guarded(async () => {
        for (const id of await openUploads(bucket, key)) await abortUpload(bucket, key, id)
        await client.send(new sdk.DeleteObjectCommand({ Bucket: name, Key: key }), limits(0))
      }),
    async *list() {
      let token: string | undefined
      do {
        const command = new sdk.ListObjectsV2Command({ Bucket: name, ContinuationToken: token })
        const page = await guarded(() => client.send(command, limits(0)))
        for (const { Key, Size, LastModified } of page.Contents ?? []) {
          if (Key !== undefined) yield { key: Key, sizeBytes: Size ?? 0, modifiedAt: LastModified?.getTime() ?? 0 }
        }
        token = page.NextContinuationToken
      } while (token !== undefined)
    },
    async *listUnfinished() {
      let after: { key?: string; id?: string } | undefined = {}
      while (after !== undefined) {
        const from: { key?: string; id?: string } = after
        const page = await guarded(() => listUploads(bucket, from))
        for (const { key, id, startedAt } of page.uploads)
          yield { key, startedAt, discard: () => guarded(() => abortUpload(bucket, key, id)) }
        after = page.next
      }
    },
    prepare: () => guarded(() => prepareBucket(bucket)),
    check: () => guarded(() => askBucket(bucket)),
    close: async () => client.destroy(),
  }
}

async function readRange(
  { sdk, client, name, limits }: S3Bucket,
  key: string,
  offset: number,
  length: number,
  signal: AbortSignal | undefined,
): Promise<Buffer> {
  const range = `bytes=${offset}-${offset + length - 1}`
  const options = limits(length, signal)
  const answer = await client.send(new sdk.GetObjectCommand({ Bucket: name, Key: key, Range: range }), options)
  const body = answer.Body as Readable
  // Errors reach `collect`; one after its end must not end the process.
  body.on('error', () => {})
  // After the headers the SDK ignores its signal, so a stalled or slow body is ended here.
  const stop = () => body.destroy(new Error('the read was ended'))
  options.abortSignal.addEventListener('abort', stop, { once: true })
  try {
    if (answer.ContentLength !== length) throw wrongLength(answer.ContentLength ?? 0, length)
    return await collect(body, length)
  } finally {
    options.abortSignal.removeEventListener('abort', stop)
    // An unread body would keep its socket for ever.
    body.destroy()
  }
}

async function collect(body: Readable, length: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafeSlow(length)
  let filled = 0
  for await (const chunk of body as AsyncIterable<Buffer>) {
    if (filled + chunk.length > length) throw wrongLength(filled + chunk.length, length)
    filled += chunk.copy(bytes, filled)
  }
  if (filled !== length) throw wrongLength(filled, length)
  return bytes
}

function wrongLength(got: number, wanted: number): AppError {
  return new DamagedContent(`The store gave ${got} bytes instead of ${wanted}.`)
}

async function guarded<Value>(work: () => Promise<Value>): Promise<Value> {
  try {
    return await work()
  } catch (error) {
    throw s3Error(error)
  }
}
