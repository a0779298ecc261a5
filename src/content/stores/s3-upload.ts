import type { CompletedPart } from '@aws-sdk/client-s3'
import type { S3Bucket } from './s3-client.ts'

// Some stores take seconds to join parts, so the call has as much time as this many bytes.
const JOINING_BYTES = 10_000_000

/** A multipart upload under way. */
export type Upload = {
  readonly id: string
  /** Sends the next part; one at a time. The bytes must not change before it has resolved. */
  send(bytes: Buffer, signal: AbortSignal): Promise<void>
  /** Joins the parts into the object. */
  complete(signal: AbortSignal): Promise<void>
}

/** Begins a multipart upload under `key`. */
export async function startUpload(bucket: S3Bucket, key: string, signal: AbortSignal): Promise<Upload> {
  const { sdk, client, name, limits } = bucket
  const begun = await client.send(new sdk.CreateMultipartUploadCommand({ Bucket: name, Key: key }), limits(0, signal))
  const id = begun.UploadId
  if (id === undefined) throw new Error('the store gave no upload id')
  const target = { Bucket: name, Key: key, UploadId: id }
  const parts: CompletedPart[] = []
  return {
    id,
    async send(bytes, stop) {
      const number = parts.length + 1
      const part = { ...target, PartNumber: number, Body: bytes, ContentLength: bytes.length }
      const { ETag } = await client.send(new sdk.UploadPartCommand(part), limits(bytes.length, stop))
      parts.push({ PartNumber: number, ETag })
    },
    async complete(stop) {
      const command = new sdk.CompleteMultipartUploadCommand({ ...target, MultipartUpload: { Parts: parts } })
      await client.send(command, limits(JOINING_BYTES, stop))
    },
  }
}

/** Frees the parts of an upload that will not be completed. */
export async function abortUpload(
  { sdk, client, name, limits }: S3Bucket,
  key: string,
  id: string,
  signal?: AbortSignal,
): Promise<void> {
  await client.send(new sdk.AbortMultipartUploadCommand({ Bucket: name, Key: key, UploadId: id }), limits(0, signal))
}

/** A page of the uploads of the bucket that were neither completed nor aborted, and where the next page begins. */
export async function listUploads(
  { sdk, client, name, limits }: S3Bucket,
  after: { key?: string; id?: string },
): Promise<{ uploads: { key: string; id: string; startedAt: number }[]; next?: { key?: string; id?: string } }> {
  const command = new sdk.ListMultipartUploadsCommand({ Bucket: name, KeyMarker: after.key, UploadIdMarker: after.id })
  const page = await client.send(command, limits(0))
  const uploads = (page.Uploads ?? []).flatMap(({ Key, UploadId, Initiated }) =>
    Key && UploadId ? [{ key: Key, id: UploadId, startedAt: Initiated?.getTime() ?? 0 }] : [],
  )
  if (!page.IsTruncated || !page.NextKeyMarker) return { uploads }
  return { uploads, next: { key: page.NextKeyMarker, ...(page.NextUploadIdMarker && { id: page.NextUploadIdMarker }) } }
}

/** Ids of the uploads under exactly this key that were neither completed nor aborted. */
export async function openUploads({ sdk, client, name, limits }: S3Bucket, key: string): Promise<string[]> {
  const listed = await client.send(new sdk.ListMultipartUploadsCommand({ Bucket: name, Prefix: key }), limits(0))
  return (listed.Uploads ?? []).flatMap(({ Key, UploadId }) => (Key === key && UploadId ? [UploadId] : []))
}
