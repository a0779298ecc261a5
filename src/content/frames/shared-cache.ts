import { hash } from 'node:crypto'

/** A cache that replicas share, such as Redis. It may miss or return wrong bytes; it must be quick and never reject. */
export type SharedFrameCache = {
  get(key: string): Promise<Buffer | undefined>
  set(key: string, value: Buffer): void
}

const MAX_BYTES = 64 * 1024
const DIGEST_BYTES = 16

/**
 * Loads through the shared cache, up to 64 KiB. Its entries carry a digest of key and bytes, so wrong bytes in it cost a
 * read of the store, never a wrong answer.
 */
export async function loadThrough(
  shared: SharedFrameCache | undefined,
  key: string,
  length: number,
  load: () => Promise<Buffer>,
): Promise<Buffer> {
  if (shared === undefined || length > MAX_BYTES) return load()
  const found = await shared.get(key)
  if (found?.length === DIGEST_BYTES + length) {
    const bytes = found.subarray(DIGEST_BYTES)
    if (digest(key, bytes).equals(found.subarray(0, DIGEST_BYTES))) return bytes
  }
  const bytes = await load()
  shared.set(key, Buffer.concat([digest(key, bytes), bytes]))
  return bytes
}

function digest(key: string, bytes: Buffer): Buffer {
  return hash('sha256', Buffer.concat([Buffer.from(key), bytes]), 'buffer').subarray(0, DIGEST_BYTES)
}
