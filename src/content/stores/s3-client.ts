import type { S3Client } from '@aws-sdk/client-s3'
import { AppError, isAppError } from '../../core/index.ts'
import { createPartBuffers, PART_BYTES, type PartBuffers } from './part-buffers.ts'

/** The bucket's address and our credentials. */
export type S3Options = {
  /** Such as `https://s3.example:9000`. */
  endpoint: string
  bucket: string
  region: string
  accessKeyId: string
  secretAccessKey: string
  /** `endpoint/bucket/key` instead of `bucket.endpoint/key`. Default true. */
  forcePathStyle?: boolean
  /**
   * How long to wait, ms: for a connection (1,000), on a silent socket (10,000), for the headers of an answer (2,000, and
   * 1 more for each KB).
   */
  timeouts?: { connectMs: number; idleMs: number; answerMs: number }
}

/** The SDK, loaded when a store of this kind is made and not before: it costs 200 ms and 30 MiB. */
export type S3Sdk = typeof import('@aws-sdk/client-s3')

/** One bucket, with everything that a call needs. */
export type S3Bucket = {
  sdk: S3Sdk
  client: S3Client
  name: string
  /** Memory for the parts of uploads. */
  buffers: PartBuffers
  /** Options of a call that moves `bytes`: slower than 1 MB/s is too slow. */
  limits(bytes: number, signal?: AbortSignal): { requestTimeout: number; abortSignal: AbortSignal }
}

const UPLOADS_WITH_TWO_BUFFERS = 4
const SLOWEST_BYTES_PER_MS = 1_000
const MAX_SOCKETS = 128
const ATTEMPTS = 3

/** Connects nothing yet. Sockets are kept alive, up to 128 of them. */
export async function openS3Bucket(options: S3Options): Promise<S3Bucket> {
  const sdk = await import('@aws-sdk/client-s3')
  const { connectMs, idleMs, answerMs } = options.timeouts ?? { connectMs: 1_000, idleMs: 10_000, answerMs: 2_000 }
  const agent = { keepAlive: true, maxSockets: MAX_SOCKETS }
  const client = new sdk.S3Client({
    endpoint: options.endpoint,
    region: options.region,
    forcePathStyle: options.forcePathStyle ?? true,
    credentials: { accessKeyId: options.accessKeyId, secretAccessKey: options.secretAccessKey },
    // Other stores answer 411 or 501 to the SDK's own trailing checksums, or ignore them; we hash the content ourselves.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    // `Expect: 100-continue` costs a round trip and, in this SDK, a new connection for each part.
    expectContinueHeader: false,
    maxAttempts: ATTEMPTS,
    requestHandler: {
      connectionTimeout: connectMs,
      socketTimeout: idleMs,
      requestTimeout: answerMs,
      // Without it a request that is too slow is only written to the log.
      throwOnRequestTimeout: true,
      httpAgent: agent,
      httpsAgent: agent,
    },
  })
  return {
    sdk,
    client,
    name: options.bucket,
    buffers: createPartBuffers(PART_BYTES, UPLOADS_WITH_TWO_BUFFERS),
    limits(bytes, signal) {
      const requestTimeout = answerMs + Math.ceil(bytes / SLOWEST_BYTES_PER_MS)
      // Bounds all attempts together: a storage that accepts connections and never answers must not cost three waits.
      const deadline = AbortSignal.timeout(requestTimeout + connectMs)
      return { requestTimeout, abortSignal: signal ? AbortSignal.any([signal, deadline]) : deadline }
    },
  }
}

const MISSING = new Set(['NoSuchKey', 'NotFound'])
const FULL = new Set([
  'XMinioAdminBucketQuotaExceeded',
  'BucketQuotaExceeded',
  'QuotaExceeded',
  'XMinioStorageFull',
  'InsufficientStorage',
  'StorageFull',
])

/** The error for a failure of S3: `blob_missing`, `storage_full` or `storage_unavailable`. */
export function s3Error(cause: unknown): AppError {
  if (isAppError(cause)) return cause
  const { name, $metadata } = cause as { name?: string; $metadata?: { httpStatusCode?: number } }
  if (FULL.has(name ?? '') || $metadata?.httpStatusCode === 507) return new AppError('storage_full', { cause })
  if (name === 'AccessDenied')
    return new AppError('storage_unavailable', { detail: 'The content store refuses this service its access.', cause })
  return new AppError(MISSING.has(name ?? '') ? 'blob_missing' : 'storage_unavailable', { cause })
}
