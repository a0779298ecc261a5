/** A call of the S3 interface, by the name that Amazon gives to it. */
export type S3Operation =
  | 'GetObject'
  | 'HeadObject'
  | 'PutObject'
  | 'DeleteObject'
  | 'CreateMultipartUpload'
  | 'UploadPart'
  | 'CompleteMultipartUpload'
  | 'AbortMultipartUpload'
  | 'ListParts'
  | 'ListMultipartUploads'
  | 'ListObjectsV2'
  | 'HeadBucket'
  | 'CreateBucket'
  | 'Other'

/** A call and what it is about; `key` is empty for calls about a bucket. */
export type S3Call = { operation: S3Operation; bucket: string; key: string }

/** Tells from the method and the path-style URL of a request which call it is. */
export function parseS3Call(method: string, url: string): S3Call {
  const { pathname, searchParams } = new URL(url, 'http://storage.invalid')
  const [bucket = '', ...segments] = pathname.slice(1).split('/')
  const key = decodeURIComponent(segments.join('/'))
  const operation = key ? objectOperation(method, searchParams) : bucketOperation(method, searchParams)
  return { operation, bucket, key }
}

function objectOperation(method: string, query: URLSearchParams): S3Operation {
  const inUpload = query.has('uploadId')
  if (method === 'GET') return inUpload ? 'ListParts' : 'GetObject'
  if (method === 'HEAD') return 'HeadObject'
  if (method === 'PUT') return inUpload ? 'UploadPart' : 'PutObject'
  if (method === 'DELETE') return inUpload ? 'AbortMultipartUpload' : 'DeleteObject'
  if (method === 'POST' && query.has('uploads')) return 'CreateMultipartUpload'
  if (method === 'POST' && inUpload) return 'CompleteMultipartUpload'
  return 'Other'
}

function bucketOperation(method: string, query: URLSearchParams): S3Operation {
  if (method === 'GET') return query.has('uploads') ? 'ListMultipartUploads' : 'ListObjectsV2'
  if (method === 'HEAD') return 'HeadBucket'
  return method === 'PUT' ? 'CreateBucket' : 'Other'
}
