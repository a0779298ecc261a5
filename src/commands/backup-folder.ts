import { once } from 'node:events'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, open, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { finished } from 'node:stream/promises'
import { createZstdCompress, createZstdDecompress } from 'node:zlib'
import { createDiskStore, type ObjectStore } from '../content/index.ts'
import type { BackupTarget } from '../paste/index.ts'
import { createScratchKeys } from '../platform/index.ts'

// A backup is a folder: `rows.ndjson.zst`, one line for each row behind a head (`zstd -dc` shows it), and `objects`,
// which lies as DATA_DIR/objects does. It holds the content of pastes: only its owner may read it.
const ROWS = 'rows.ndjson.zst'
const PRIVATE = 0o700
const PRUNE_PAGE = 500

/** A folder that is being written; the backup that was in it stays whole until `finish` has put the new one in place. */
export type BackupWriter = BackupTarget & {
  /** Makes the rows durable under their name, then removes objects that only older rows knew; gives their number. */
  finish(): Promise<number>
  close(): Promise<void>
}

/** Opens or makes a folder for a backup. Throws what the file system throws. */
export async function writeBackup(folder: string): Promise<BackupWriter> {
  await mkdir(folder, { recursive: true, mode: PRIVATE })
  const objects = createDiskStore(join(folder, 'objects'))
  await objects.prepare()
  const before = createScratchKeys()
  for await (const entry of objects.list()) before.add([entry])
  const draft = join(folder, `${ROWS}.part`)
  const compress = createZstdCompress()
  const file = createWriteStream(draft, { mode: 0o600, flush: true })
  // Said again by `written`.
  compress.on('error', () => {})
  const written = finished(compress.pipe(file))
  // A full disk is heard of at the next line, or at the end.
  written.catch((error) => compress.destroy(error))
  return {
    objects,
    holds: (key) => before.mark([key]).length === 0,
    async line(text) {
      if (!compress.write(`${text}\n`)) await once(compress, 'drain')
    },
    async finish() {
      compress.end()
      await written
      await rename(draft, join(folder, ROWS))
      await syncFolder(folder)
      return prune(objects, before)
    },
    async close() {
      compress.destroy()
      before.close()
      await objects.close()
    },
  }
}

/** Opens the backup in a folder. Reading a line throws what the file system and zlib throw. */
export function readBackup(folder: string): { lines: AsyncIterable<string>; objects: ObjectStore } {
  const source = createReadStream(join(folder, ROWS))
  const rows = createZstdDecompress()
  source.once('error', (error) => rows.destroy(error)).pipe(rows)
  return { lines: linesOf(rows), objects: createDiskStore(join(folder, 'objects')) }
}

/** readline ends quietly when its input breaks: a backup that was cut off has to be an error. */
async function* linesOf(rows: NodeJS.ReadableStream): AsyncGenerator<string> {
  const whole = finished(rows)
  whole.catch(() => {})
  yield* createInterface({ input: rows, crlfDelay: Number.POSITIVE_INFINITY })
  await whole
}

async function prune(objects: ObjectStore, before: ReturnType<typeof createScratchKeys>): Promise<number> {
  let removed = 0
  for (let after = ''; ; ) {
    const page = before.unmarked(Number.MAX_SAFE_INTEGER, after, PRUNE_PAGE)
    for (const { key } of page) await objects.remove(key)
    removed += page.length
    const last = page.at(-1)
    if (last === undefined) return removed
    after = last.key
  }
}

async function syncFolder(folder: string): Promise<void> {
  await using handle = await open(folder)
  await handle.sync()
}
