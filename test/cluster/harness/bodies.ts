import { createHash } from 'node:crypto'
import type { Seeded } from '../../blackbox/seeded.ts'
import { createSeeded } from '../../blackbox/seeded.ts'

/** A content by description: a mark of its own, then bytes of a pool. */
export type Body = { mark: string; pool: 'text' | 'noise'; offset: number; sizeBytes: number }

/** Contents made from their descriptions, the same in every run. */
export type Bodies = {
  bytes(body: Body, start?: number, end?: number): Buffer
  /** Lower-case hex. */
  sha256(body: Body): string
}

const KIB = 1024
const MIB = 1024 * KIB
const POOL_BYTES = 16 * MIB
const SMALLEST_BYTES = 64
/** Whatever does not fit the row even when it shrinks not at all is stored as an object. */
const INLINE_BYTES = 16 * KIB

/** Whether this content may lie in the object store. */
export function mayBeObject({ sizeBytes }: Body): boolean {
  return sizeBytes > INLINE_BYTES
}

/** Draws a content: in the row, in one frame, in some frames, and rarely in several parts of an upload. */
export function drawBody(random: Seeded, mark: string): Body {
  const kind = random.pick<'row' | 'frame' | 'frames' | 'parts'>([
    ['row', 50],
    ['frame', 38],
    ['frames', 10],
    ['parts', 2],
  ])
  const sizeBytes = {
    row: () => SMALLEST_BYTES + random.below(8 * KIB),
    frame: () => 20 * KIB + random.below(600 * KIB),
    frames: () => MIB + random.below(2 * MIB),
    parts: () => 8 * MIB + random.below(MIB),
  }[kind]()
  const pool = random.next() < 0.5 ? 'text' : 'noise'
  return { mark: `${mark}\n`, pool, offset: random.below(POOL_BYTES - sizeBytes), sizeBytes }
}

/** Makes the pools. */
export function createBodies(): Bodies {
  const pools = { text: textPool(), noise: noisePool() }
  const sums = new Map<string, string>()
  function bytes({ mark, pool, offset, sizeBytes }: Body, start = 0, end = sizeBytes): Buffer {
    const head = Buffer.from(mark).subarray(start, Math.min(end, mark.length))
    const from = Math.max(start - mark.length, 0)
    const to = Math.max(end - mark.length, 0)
    return Buffer.concat([head, pools[pool].subarray(offset + from, offset + to)])
  }
  return {
    bytes,
    sha256(body) {
      const known = sums.get(body.mark)
      if (known !== undefined) return known
      const sum = createHash('sha256').update(bytes(body)).digest('hex')
      sums.set(body.mark, sum)
      return sum
    },
  }
}

/** 16 MiB that do not shrink, the same in every run. */
export function noisePool(): Buffer {
  const random = createSeeded(1)
  const words = new Uint32Array(POOL_BYTES / Uint32Array.BYTES_PER_ELEMENT)
  for (let index = 0; index < words.length; index++) words[index] = random.below(2 ** 32)
  return Buffer.from(words.buffer)
}

/** 16 MiB of a log, the same in every run. */
export function textPool(): Buffer {
  const random = createSeeded(2)
  const pool = Buffer.alloc(POOL_BYTES)
  for (let length = 0; length < POOL_BYTES; )
    length += pool.write(`2026-11-22T21:00:00Z INFO request took ${random.below(10_000)} ms\n`, length, 'latin1')
  return pool
}
