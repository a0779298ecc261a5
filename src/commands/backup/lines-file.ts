import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { finished } from 'node:stream/promises'
import { promisify } from 'node:util'
import { createZstdDecompress, zstdCompress } from 'node:zlib'

const compress = promisify(zstdCompress)
const BLOCK_BYTES = 4 * 1_048_576

/** Lines of text on their way into a zstd file. */
export type LinesWriter = {
  /** Adds a line, given without its line end. Throws what the file system throws. */
  line(text: string): Promise<void>
  /** Makes all of it durable; gives the SHA-256 of the file. */
  finish(): Promise<string>
  close(): Promise<void>
}

/** Writes `path`, which must not exist, as frames of some 4 MiB of text (`zstd -dc` shows it). */
export async function writeLines(path: string): Promise<LinesWriter> {
  const file: FileHandle = await open(path, 'wx', 0o600)
  const hash = createHash('sha256')
  let held: string[] = []
  let heldBytes = 0
  let written: Promise<void> = Promise.resolve()
  const flush = async () => {
    const text = held.join('')
    held = []
    heldBytes = 0
    const frame = await compress(text)
    hash.update(frame)
    for (let done = 0; done < frame.length; ) {
      const { bytesWritten } = await file.write(frame, done)
      if (bytesWritten === 0) throw new Error(`${path} takes no more bytes`)
      done += bytesWritten
    }
  }
  return {
    async line(text) {
      held.push(text, '\n')
      heldBytes += text.length + 1
      if (heldBytes < BLOCK_BYTES) return written
      const before = written
      written = before.then(flush)
      return written
    },
    async finish() {
      await written
      await flush()
      await file.sync()
      return hash.digest('hex')
    },
    close: () => file.close(),
  }
}

/** The lines of a zstd file. Throws what the file system and zlib throw, also for a file that was cut off. */
export async function* readLines(path: string): AsyncGenerator<string> {
  const source = createReadStream(path)
  const text = createZstdDecompress()
  source.once('error', (error) => text.destroy(error)).pipe(text)
  // readline ends quietly when its input breaks.
  const whole = finished(text)
  whole.catch(() => {})
  yield* createInterface({ input: text, crlfDelay: Number.POSITIVE_INFINITY })
  await whole
}

/** The SHA-256 of a file. */
export async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const bytes of createReadStream(path)) hash.update(bytes as Buffer)
  return hash.digest('hex')
}
