import { constants, createZstdCompress, createZstdDecompress, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { DamagedContent, type DurationObserver } from '../../core/index.ts'
import { FRAME_BYTES } from '../format/index.ts'
import { type Coder, createCoder } from './codec.ts'
import { createPool, type Pool } from './resource-pool.ts'

/** Compresses and decompresses single zstd frames (RFC 8878) in the thread pool, a few at a time. */
export type Zstd = {
  /** One frame of `content` (1 byte to 1 MiB), with content size and checksum, in pieces. Does not keep `content`. */
  compress(content: Buffer): Promise<Buffer[]>
  /**
   * The content of one frame, exactly `contentBytes` long (at most 1 MiB). Rejects with `storage_unavailable` when
   * the frame is damaged: wrong checksum, wrong length, not zstd.
   */
  decompress(frame: Buffer, contentBytes: number): Promise<Buffer>
  /** Frees the idle contexts. */
  close(): void
}

const LEVEL = 1
// Decoding this much on the main thread costs less than a round trip to the thread pool.
const SYNC_BYTES = 64 * 1024
const OUTPUT_BYTES = 256 * 1024
const COMPRESS = {
  [constants.ZSTD_c_compressionLevel]: LEVEL,
  [constants.ZSTD_c_checksumFlag]: 1,
  [constants.ZSTD_c_contentSizeFlag]: 1,
}

/** Bytes below which compression costs more time than it saves space. */
export const MIN_COMPRESS_BYTES = 8 * 1024

/** Whether compression saves enough: at least a tenth. */
export function isWorthCompressing(contentBytes: number, compressedBytes: number): boolean {
  return compressedBytes <= contentBytes * 0.9
}

/** One frame made at once, for bodies of a few KiB: 40 µs for 8 KiB, 100 µs for 64 KiB. */
export function compressSmall(content: Buffer): Buffer {
  return zstdCompressSync(content, { params: COMPRESS })
}

/**
 * Contexts are kept and lent for one frame at a time: a new one for each frame costs half as much again as the
 * compression itself, and one for each upload 1 MiB that waits for its client most of the time.
 *
 * @param options.concurrency frames in work at once in each direction; more than libuv has threads gains nothing
 * @param options.spent observes the waits for a context, and the time in one
 */
export function createZstd({
  concurrency = 4,
  spent,
}: {
  concurrency?: number
  spent?: DurationObserver | undefined
} = {}): Zstd {
  const marks = { highWaterMark: 4 * FRAME_BYTES }
  const compressors = createPool({
    // With `e_end` as the flush of every write, each write becomes a frame of its own, with its content size.
    make: () =>
      createCoder(
        createZstdCompress({ ...marks, flush: constants.ZSTD_e_end, params: COMPRESS, chunkSize: OUTPUT_BYTES }),
      ),
    limit: concurrency,
    idle: concurrency,
  })
  const decompressors = createPool({
    // A full frame fills one output buffer exactly, which can then go into the cache as it is.
    make: () => createCoder(createZstdDecompress({ ...marks, chunkSize: FRAME_BYTES })),
    limit: concurrency,
    idle: concurrency,
  })
  return {
    compress: (content) => lend(compressors, (coder) => coder.run(content, 2 * FRAME_BYTES), spent),
    async decompress(frame, contentBytes) {
      try {
        if (contentBytes > SYNC_BYTES)
          return await lend(
            decompressors,
            async (coder) => exact(await coder.run(frame, contentBytes), contentBytes),
            spent,
          )
        const startedAt = performance.now()
        const content = exact([decompressSmall(frame, contentBytes)], contentBytes)
        spent?.('encoding', performance.now() - startedAt)
        return content
      } catch (cause) {
        throw new DamagedContent('A frame of this paste is damaged.', cause)
      }
    },
    close() {
      compressors.clear((coder) => coder.close())
      decompressors.clear((coder) => coder.close())
    },
  }
}

async function lend<Result>(
  pool: Pool<Coder>,
  use: (coder: Coder) => Promise<Result>,
  spent: DurationObserver | undefined,
): Promise<Result> {
  const askedAt = performance.now()
  const coder = await pool.take()
  const takenAt = performance.now()
  spent?.('queue', takenAt - askedAt)
  try {
    const result = await use(coder)
    spent?.('encoding', performance.now() - takenAt)
    pool.put(coder)
    return result
  } catch (error) {
    // A failed context holds state of the broken frame, so it is not reused.
    coder.close()
    pool.drop()
    throw error
  }
}

function decompressSmall(frame: Buffer, contentBytes: number): Buffer {
  return zstdDecompressSync(frame, { chunkSize: Math.max(contentBytes, 64), maxOutputLength: contentBytes })
}

function exact(pieces: Buffer[], contentBytes: number): Buffer {
  const [first] = pieces
  // A piece that is only a part of zlib's output buffer would keep all of it alive in the cache: copy it.
  const whole = pieces.length === 1 && first?.length === first?.buffer.byteLength
  const content = whole && first ? first : Buffer.concat(pieces)
  if (content.length !== contentBytes) throw new Error(`${content.length} bytes instead of ${contentBytes}`)
  return content
}
