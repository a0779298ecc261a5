import { createHash } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { crc32 } from 'node:zlib'
import { AppError } from '../../core/index.ts'

/** The algorithms of the checksum extension of tus. */
export const CHECKSUM_ALGORITHMS = ['sha1', 'sha256', 'md5', 'crc32'] as const

type Sum = { update(chunk: Buffer): void; digest(): string }
type Checksum = { algorithm: (typeof CHECKSUM_ALGORITHMS)[number]; digest: string }

/** The checksum of a body that Upload-Checksum announces, if any. Throws `bad_request`. */
export function uploadChecksum(headers: IncomingHttpHeaders): Checksum | undefined {
  const header = headers['upload-checksum']
  if (header === undefined) return undefined
  const [, name, digest] = /^([\w-]+) ([A-Za-z0-9+/]+={0,2})$/.exec(`${header}`) ?? []
  const algorithm = CHECKSUM_ALGORITHMS.find((one) => one === name)
  if (algorithm !== undefined && digest !== undefined) return { algorithm, digest }
  throw new AppError('bad_request', {
    detail: `Send Upload-Checksum as one of ${CHECKSUM_ALGORITHMS.join(', ')}, a space, and the checksum in base64.`,
  })
}

/** The same body, which throws `checksum_mismatch` at its end if it is not the announced one. */
export async function* checked(body: AsyncIterable<Buffer>, { algorithm, digest }: Checksum): AsyncGenerator<Buffer> {
  const sum = newSum(algorithm)
  for await (const chunk of body) {
    sum.update(chunk)
    yield chunk
  }
  if (sum.digest() !== digest)
    throw new AppError('checksum_mismatch', { detail: 'None of these bytes was kept. Send them again.' })
}

function newSum(algorithm: Checksum['algorithm']): Sum {
  if (algorithm !== 'crc32') {
    const hash = createHash(algorithm)
    return { update: (chunk) => void hash.update(chunk), digest: () => hash.digest('base64') }
  }
  let value = 0
  return {
    update(chunk) {
      value = crc32(chunk, value)
    },
    digest() {
      const bytes = Buffer.alloc(4)
      bytes.writeUInt32BE(value)
      return bytes.toString('base64')
    },
  }
}
