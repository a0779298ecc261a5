import { randomBytes } from 'node:crypto'
import type { S3Client, S3ClientConfig } from '@aws-sdk/client-s3'

/** How S3-compatible storage is reached. Path style, any region name is taken. */
export type S3Coordinates = {
  /** Absolute URL without a path. */
  endpoint: string
  port: number
  region: string
  accessKeyId: string
  secretAccessKey: string
}

/** A bucket of one's own; `environment` holds the `S3_*` variables that the service takes. */
export type Bucket = { name: string; environment: Record<`S3_${string}`, string> }

/** Makes an empty bucket with a random name, so that test files can share one server. */
export async function createBucket(server: S3Coordinates): Promise<Bucket> {
  const { CreateBucketCommand } = await import('@aws-sdk/client-s3')
  const name = `t-${randomBytes(8).toString('hex')}`
  const client = await createS3Client(server)
  try {
    await client.send(new CreateBucketCommand({ Bucket: name }))
  } finally {
    client.destroy()
  }
  return { name, environment: s3Environment(server, name) }
}

/** A client of `server`, for tests that look into a bucket themselves. Whoever makes it calls its `destroy()`. */
export async function createS3Client(server: S3Coordinates, settings: S3ClientConfig = {}): Promise<S3Client> {
  const { S3Client } = await import('@aws-sdk/client-s3')
  return new S3Client({
    endpoint: server.endpoint,
    region: server.region,
    forcePathStyle: true,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    credentials: { accessKeyId: server.accessKeyId, secretAccessKey: server.secretAccessKey },
    ...settings,
  })
}

/** The `S3_*` variables with which the service uses `bucket` on `server`. */
export function s3Environment(server: S3Coordinates, bucket: string): Bucket['environment'] {
  return {
    S3_ENDPOINT: server.endpoint,
    S3_BUCKET: bucket,
    S3_REGION: server.region,
    S3_ACCESS_KEY_ID: server.accessKeyId,
    S3_SECRET_ACCESS_KEY: server.secretAccessKey,
    S3_FORCE_PATH_STYLE: 'true',
  }
}
