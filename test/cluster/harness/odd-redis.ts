import { Redis } from 'ioredis'

const MOST_KEYS = 200
const ODDITIES = ['', 'null', '{}', '[]', '{"columns":{"slug":7}}', '"', '\u0000', '9'.repeat(400)]

/** Puts values that no replica wrote in place of strings: odd JSON, halves, and the same with one byte flipped. */
export async function spoilValues(url: string, chance: () => number): Promise<void> {
  const client = new Redis(url)
  try {
    const [, keys] = await client.scan(0, 'COUNT', MOST_KEYS, 'TYPE', 'string')
    for (const key of keys) {
      const value = await client.getBuffer(key)
      if (value !== null) await client.set(key, spoiled(value, chance), 'KEEPTTL')
    }
  } finally {
    client.disconnect()
  }
}

function spoiled(value: Buffer, chance: () => number): Buffer {
  const kind = Math.floor(chance() * 3)
  if (kind === 0) return Buffer.from(ODDITIES[Math.floor(chance() * ODDITIES.length)] ?? '')
  if (kind === 1) return value.subarray(0, value.length >> 1)
  const flipped = Buffer.from(value)
  const at = Math.floor(chance() * value.length)
  if (value.length > 0) flipped[at] = (flipped[at] ?? 0) ^ 0x10
  return flipped
}
