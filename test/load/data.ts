/** Bytes of a small paste. */
export const SMALL_BYTES = 4096
/** Bytes of a large one: the limit of the service. */
export const LARGE_BYTES = 52_428_800

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const LINE_LENGTH = 76

/** `count` different small texts in one buffer: lines of random base64, the same in every run. */
export function smallTexts(count: number): Buffer {
  const random = createRandom(4096)
  const bytes = Buffer.alloc(count * SMALL_BYTES)
  for (let index = 0; index < bytes.length; index++)
    bytes[index] = index % (LINE_LENGTH + 1) === LINE_LENGTH ? 0x0a : BASE64.charCodeAt(random(64))
  return bytes
}

/**
 * 50 MiB of a service's log, 455,000 lines, the same in every run. It shrinks to about a fifth under zstd level 1, as
 * real logs do.
 */
export function largeLog(): Buffer {
  const random = createRandom(50)
  const pick = <Item>(items: readonly Item[]) => items[random(items.length)] as Item
  const bytes = Buffer.alloc(LARGE_BYTES, '\n')
  let at = Date.UTC(2026, 0, 5, 8)
  for (let length = 0; length < LARGE_BYTES; ) {
    at += random(120)
    const id =
      random(2 ** 24)
        .toString(16)
        .padStart(6, '0') +
      random(2 ** 24)
        .toString(16)
        .padStart(6, '0')
    const line = `${new Date(at).toISOString()} ${pick(LEVELS)} [${pick(PARTS)}-${random(8)}] request=${id} ${pick(EVENTS)(random)}\n`
    length += bytes.write(line, length, 'latin1')
  }
  return bytes
}

const LEVELS = ['INFO ', 'INFO ', 'INFO ', 'INFO ', 'INFO ', 'DEBUG', 'WARN ', 'ERROR']
const PARTS = ['gateway', 'orders', 'billing', 'search', 'worker', 'mailer']
const EVENTS: ((random: (bound: number) => number) => string)[] = [
  (random) => `GET /api/v1/items/${random(100_000)} status=200 took=${random(900)}ms bytes=${random(20_000)}`,
  (random) => `POST /api/v1/orders status=201 took=${random(900)}ms user=u${random(5_000)}`,
  (random) => `cache miss for session:${random(50_000)}, reading through to disk`,
  (random) => `job ${random(100_000)} finished in ${random(5_000)} ms, ${random(40)} left in the queue`,
  (random) => `upstream is slow, attempt=${1 + random(3)} backoff=${random(400)}ms`,
]

/** Whole numbers below a bound, the same sequence for the same seed (mulberry32). */
export function createRandom(seed: number): (bound: number) => number {
  let state = seed
  return (bound) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * bound)
  }
}
