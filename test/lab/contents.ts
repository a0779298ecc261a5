import { createHash } from 'node:crypto'
import { noisePool, textPool } from '../cluster/harness/bodies.ts'

/** Contents that a number and a size describe, the same in every run; no two numbers have the same. */
export type Contents = {
  /** The content in pieces that share one pool, so that a large one costs no memory. */
  pieces(number: number, sizeBytes: number): Buffer[]
  /** Lower-case hex; computed once for a large content. */
  sha256(number: number, sizeBytes: number): string
}

/** From this size on a digest takes long enough to hold the generator up: it is asked for beforehand. */
export const LARGE_BYTES = 256 * 1024
const PIECE_BYTES = 256 * 1024
/** Contents begin at multiples of this within the pool; odd, so that they don't repeat early. */
const STRIDE = 7_919

/** Makes the pool; `log` shrinks to about a fifth, `noise` not at all. `name` begins each content, with its number. */
export function createContents(text: 'log' | 'noise', name: string): Contents {
  const digests = new Map<string, string>()
  const pool = text === 'log' ? textPool() : noisePool()
  function pieces(number: number, sizeBytes: number): Buffer[] {
    const mark = Buffer.from(`${name} ${number}\n`)
    const parts: Buffer[] = [mark.subarray(0, sizeBytes)]
    let left = sizeBytes - mark.length
    let from = (number * STRIDE) % (pool.length - 1)
    while (left > 0) {
      const part = pool.subarray(from, from + Math.min(left, PIECE_BYTES))
      parts.push(part)
      left -= part.length
      from = (from + part.length) % pool.length
    }
    return parts
  }
  return {
    pieces,
    sha256(number, sizeBytes) {
      const known = digests.get(`${number} ${sizeBytes}`)
      if (known) return known
      const hash = createHash('sha256')
      for (const piece of pieces(number, sizeBytes)) hash.update(piece)
      const digest = hash.digest('hex')
      if (sizeBytes >= LARGE_BYTES) digests.set(`${number} ${sizeBytes}`, digest)
      return digest
    },
  }
}
