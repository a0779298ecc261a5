import { createHash, hash } from 'node:crypto'
import { tooLarge } from '../../http/index.ts'
import type { Body } from '../model/index.ts'

/** SHA-256 of a whole body in lower-case hex. Throws `payload_too_large` beyond `maxBytes`, and the body's errors. */
export async function digest(body: Body, maxBytes: number): Promise<string> {
  if (Buffer.isBuffer(body.source)) return hash('sha256', body.source, 'hex')
  const sum = createHash('sha256')
  let total = 0
  for await (const chunk of body.source) {
    total += chunk.length
    if (total > maxBytes) throw tooLarge(maxBytes)
    sum.update(chunk)
  }
  return sum.digest('hex')
}
