import { hash } from 'node:crypto'
import type { CountDamage } from '../../core/index.ts'
import type { IsSound } from './checked-read.ts'

/** A cache that replicas share, such as Redis. It may miss or return wrong bytes; it must be quick and never reject. */
export type SharedFrameCache = {
  get(key: string): Promise<Buffer | undefined>
  set(key: string, value: Buffer): void
}

const MAX_BYTES = 64 * 1024
const DIGEST_BYTES = 16

/** Bytes to load through the shared cache. */
export type SharedLoad = {
  key: string
  length: number
  isSound: IsSound
  count: CountDamage
  /** Ignores what the shared cache has, and replaces it. */
  fresh: boolean
  /** Loads from the store; rejects rather than give wrong bytes. */
  load(): Promise<Buffer>
}

/**
 * Loads through the shared cache, up to 64 KiB. Its entries carry a digest of key and bytes, so wrong bytes in it cost a
 * read of the store, never a wrong answer.
 */
export async function loadThrough(shared: SharedFrameCache | undefined, wanted: SharedLoad): Promise<Buffer> {
  const { key, length, isSound, count, fresh, load } = wanted
  if (shared === undefined || length > MAX_BYTES) return load()
  const found = fresh ? undefined : await shared.get(key)
  if (found !== undefined) {
    const bytes = found.subarray(DIGEST_BYTES)
    const isWhole = bytes.length === length && digest(key, bytes).equals(found.subarray(0, DIGEST_BYTES))
    if (isWhole && isSound(bytes)) return bytes
    count('redis')
  }
  const bytes = await load()
  shared.set(key, Buffer.concat([digest(key, bytes), bytes]))
  return bytes
}

function digest(key: string, bytes: Buffer): Buffer {
  return hash('sha256', Buffer.concat([Buffer.from(key), bytes]), 'buffer').subarray(0, DIGEST_BYTES)
}
