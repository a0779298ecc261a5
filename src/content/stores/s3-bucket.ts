import { randomUUID } from 'node:crypto'
import type { S3Bucket } from './s3-client.ts'

const CHECK_MS = 3_000

/** Resolves if the bucket is there and may be listed, within 3 s; rejects with an error that has S3's code. */
export async function askBucket({ sdk, client, name }: S3Bucket): Promise<void> {
  const options = { requestTimeout: CHECK_MS, abortSignal: AbortSignal.timeout(CHECK_MS) }
  try {
    await client.send(new sdk.HeadBucketCommand({ Bucket: name }), options)
  } catch (error) {
    if (!wasAnswered(error)) throw error
    // An answer to HEAD has no body, so it can't say why.
    await needs('s3:ListBucket', client.send(new sdk.ListObjectsV2Command({ Bucket: name, MaxKeys: 1 }), options))
  }
}

/** Makes the bucket if it is missing, and finds out whether objects may be written and removed. */
export async function prepareBucket(bucket: S3Bucket): Promise<void> {
  const { sdk, client, name, limits } = bucket
  try {
    await askBucket(bucket)
  } catch (error) {
    if ((error as Error).name !== 'NoSuchBucket' && (error as Error).name !== 'NotFound') throw error
    await client.send(new sdk.CreateBucketCommand({ Bucket: name }), limits(0)).catch(missing)
  }
  const Key = `.write-probe-${randomUUID()}`
  await needs('s3:PutObject', client.send(new sdk.PutObjectCommand({ Bucket: name, Key, Body: 'probe' }), limits(0)))
  await needs('s3:DeleteObject', client.send(new sdk.DeleteObjectCommand({ Bucket: name, Key }), limits(0)))
}

/** Names the right that a refused call wanted. */
async function needs(right: string, call: Promise<unknown>): Promise<void> {
  try {
    await call
  } catch (error) {
    throw Object.assign(error as Error, (error as Error).name === 'AccessDenied' ? { right } : {})
  }
}

function wasAnswered(error: unknown): boolean {
  return (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode !== undefined
}

/** The bucket is missing, whatever the attempt to make it failed of; but another replica may have made it meanwhile. */
function missing(cause: unknown): void {
  if ((cause as Error).name === 'BucketAlreadyOwnedByYou') return
  throw Object.assign(new Error('the bucket is missing and could not be made'), { name: 'NoSuchBucket', made: cause })
}
