import { randomBytes, randomInt } from 'node:crypto'

/** A source of unguessable bytes, passed in so that tests can fix it. */
export type RandomSource = {
  /** `count` (1 to 65,536) fresh random bytes. */
  bytes(count: number): Buffer
}

const POOL_BYTES = 8192
let pool = Buffer.alloc(0)
let used = 0

/** The operating system's generator, drawn in blocks of 8 KiB: one system call serves some 250 tokens. */
export const systemRandom: RandomSource = {
  bytes(count) {
    if (count > POOL_BYTES / 8) return randomBytes(count)
    if (used + count > pool.length) {
      pool = randomBytes(POOL_BYTES)
      used = 0
    }
    const bytes = Buffer.from(pool.subarray(used, used + count))
    pool.fill(0, used, used + count)
    used += count
    return bytes
  },
}

/** A uniformly random whole number in [0, bound), bound 1 to 2^48. */
export function randomBelow(bound: number): number {
  return randomInt(bound)
}
