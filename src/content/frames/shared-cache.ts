import { hash } from 'node:crypto'

/** A cache that replicas share, such as Redis. It may forget, lie and be away; it must not reject and must be quick. */
export type SecondLevel = {
  get(key: string): Promise<Buffer | undefined>
  set(key: string, value: Buffer): void
}

const MAX_BYTES = 64 * 1024
const DIGEST_BYTES = 16

/**
 * A load that asks the second level first, for at most 64 KiB. What is kept there carries a digest of key and bytes:
 * a shared cache that gives wrong bytes costs a read of the store, never a wrong answer.
 */
export async function loadThrough(
  second: SecondLevel | undefined,
  key: string,
  length: number,
  load: () => Promise<Buffer>,
): Promise<Buffer> {
  if (second === undefined || length > MAX_BYTES) return load()
  const found = await second.get(key)
  if (found?.length === DIGEST_BYTES + length) {
    const bytes = found.subarray(DIGEST_BYTES)
    if (digest(key, bytes).equals(found.subarray(0, DIGEST_BYTES))) return bytes
  }
  const bytes = await load()
  second.set(key, Buffer.concat([digest(key, bytes), bytes]))
  return bytes
}

function digest(key: string, bytes: Buffer): Buffer {
  return hash('sha256', Buffer.concat([Buffer.from(key), bytes]), 'buffer').subarray(0, DIGEST_BYTES)
}
