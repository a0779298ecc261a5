import { hash } from 'node:crypto'
import { AppError } from '../../core/index.ts'
import { createNewlineCounter, createSampler, findUtf16, unitOf } from '../charset/index.ts'
import { createUtf8Check, type StoredContent } from '../format/index.ts'
import { compressSmall, isWorthCompressing, MIN_COMPRESS_BYTES } from '../frames/index.ts'
import type { Claim } from '../naming/index.ts'
import { nameText } from './inspector.ts'

// A larger compression would block the event loop; `receive` does it in the thread pool.
const MAX_COMPRESS_BYTES = 64 * 1024
const NO_FRAMES = Buffer.alloc(0)

/**
 * A small content in memory, ready for its row, in one synchronous step; undefined when it is too large and must go
 * through `receive`. Keeps a reference to `content` when it is stored as it is. Throws `empty_content`.
 *
 * @param inlineMaxBytes most bytes that a row may hold
 */
export function pack(content: Buffer, claim: Claim, inlineMaxBytes: number): StoredContent | undefined {
  if (content.length === 0) throw new AppError('empty_content')
  let body = content
  if (content.length >= MIN_COMPRESS_BYTES && content.length <= MAX_COMPRESS_BYTES) {
    const compressed = compressSmall(content)
    if (isWorthCompressing(content.length, compressed.length)) body = compressed
  }
  if (body.length > inlineMaxBytes) return undefined
  const sampler = createSampler()
  const check = createUtf8Check()
  check.push(content)
  const utf8 = check.valid()
  sampler.push(content, check.mayBe())
  const sample = sampler.sample(utf8)
  const counter = createNewlineCounter(unitOf(findUtf16(sample.head)))
  counter.push(content)
  return {
    encoding: body === content ? 'identity' : 'zstd',
    sizeBytes: content.length,
    storedBytes: body.length,
    sha256: hash('sha256', content, 'hex'),
    lines: counter.lines(),
    ...nameText(sample, utf8, claim),
    frames: NO_FRAMES,
    frameSums: null,
    body,
    objectKey: null,
  }
}
