import { randomBytes } from 'node:crypto'
import type { Readable } from 'node:stream'
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { createBucket, createS3Client, type S3Faults, startS3Faults, whenService } from './index.ts'

whenService('s3', ({ s3 }) => {
  describe('faulty S3 storage', () => {
    let storage: S3Faults
    let client: S3Client
    let Bucket: string
    const Key = 'folder/a key'
    const content = randomBytes(300_000)

    beforeAll(async () => {
      storage = await startS3Faults(s3)
      Bucket = (await createBucket(storage)).name
      client = await createS3Client(storage, { maxAttempts: 1 })
      await client.send(new PutObjectCommand({ Bucket, Key, Body: content }))
    })
    afterEach(() => storage.heal())
    afterAll(async () => {
      client.destroy()
      await storage.stop()
    })

    const get = async () => {
      const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }))
      return Buffer.from((await Body?.transformToByteArray()) ?? [])
    }
    const sizeOf = async (key: string) => (await client.send(new HeadObjectCommand({ Bucket, Key: key }))).ContentLength

    test('without faults gives back what it was given, larger than any buffer', async () => {
      const large = randomBytes(6_000_000)
      await client.send(new PutObjectCommand({ Bucket, Key: 'large', Body: large }))
      const { Body } = await client.send(new GetObjectCommand({ Bucket, Key: 'large' }))
      expect(large.equals((await Body?.transformToByteArray()) ?? new Uint8Array())).toBe(true)
      expect(await get()).toEqual(content)
    })

    test('answers SlowDown as often as planned, then works', async () => {
      storage.fail('GetObject', { kind: 'refuse', status: 503, code: 'SlowDown' }, 2)
      await expect(get()).rejects.toMatchObject({ name: 'SlowDown' })
      await expect(get()).rejects.toMatchObject({ name: 'SlowDown' })
      expect(await get()).toEqual(content)
    })

    test('remembers every call', async () => {
      const before = storage.calls.length
      await sizeOf(Key)
      expect(storage.calls.slice(before)).toEqual([{ operation: 'HeadObject', bucket: Bucket, key: Key }])
    })

    test('refuses with 403', async () => {
      storage.fail('GetObject', { kind: 'refuse', status: 403, code: 'AccessDenied' })
      await expect(get()).rejects.toMatchObject({ name: 'AccessDenied' })
    })

    test('truncates a body', async () => {
      storage.fail('GetObject', { kind: 'truncate', afterBytes: 1000 })
      const { announcedBytes, chunks } = await open()
      expect(announcedBytes).toBe(content.length)
      expect((await chunks.next()).value).toHaveLength(1000)
      await expect(chunks.next()).rejects.toThrow('aborted')
    })

    test('stalls a body, and the connection stays open', async () => {
      storage.fail('GetObject', { kind: 'stall', afterBytes: 1000 })
      const { chunks, abandon } = await open()
      expect((await chunks.next()).value).toHaveLength(1000)
      const next = chunks.next().catch(() => 'abandoned')
      expect(await Promise.race([next, new Promise((resolve) => setTimeout(resolve, 50, 'silence'))])).toBe('silence')
      abandon()
      expect(await next).toBe('abandoned')
    })

    test('answers 200 with an error to the end of a multipart upload', async () => {
      const upload = await startUpload('with error')
      storage.fail('CompleteMultipartUpload', { kind: 'errorIn200', code: 'InternalError' }, Infinity)
      await expect(upload.complete()).rejects.toMatchObject({ name: 'InternalError' })
      await expect(sizeOf('with error')).rejects.toMatchObject({ name: 'NotFound' })
    })

    test('loses the reply to the end of a multipart upload that has happened', async () => {
      const upload = await startUpload('lost reply')
      storage.fail('CompleteMultipartUpload', { kind: 'loseReply' }, Infinity)
      await expect(upload.complete()).rejects.toThrow()
      expect(await sizeOf('lost reply')).toBe(content.length)
    })

    test('acknowledges an object of which it kept a part', async () => {
      storage.fail('PutObject', { kind: 'storePart', bytes: 1000 })
      await client.send(new PutObjectCommand({ Bucket, Key: 'part', Body: content }))
      expect(await sizeOf('part')).toBe(1000)
    })

    test('hangs until the client gives up', async () => {
      storage.fail('HeadObject', { kind: 'hang' })
      const head = client.send(new HeadObjectCommand({ Bucket, Key }), { abortSignal: AbortSignal.timeout(50) })
      await expect(head).rejects.toThrow()
      expect(await sizeOf(Key)).toBe(content.length)
    })

    async function startUpload(key: string) {
      const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key: key }))
      const part = { Bucket, Key: key, UploadId, PartNumber: 1 }
      const { ETag } = await client.send(new UploadPartCommand({ ...part, Body: content }))
      const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] }
      return {
        complete: () => client.send(new CompleteMultipartUploadCommand({ ...part, MultipartUpload })),
      }
    }

    async function open() {
      const { Body, ContentLength } = await client.send(new GetObjectCommand({ Bucket, Key }))
      const stream = Body as Readable
      return {
        announcedBytes: ContentLength,
        chunks: stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>,
        abandon: () => stream.destroy(new Error('abandoned by the test')),
      }
    }
  })
})
