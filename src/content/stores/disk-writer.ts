import { type FileHandle, open, rename, rm } from 'node:fs/promises'
import { AppError } from '../../core/index.ts'
import { diskError } from './disk-errors.ts'
import type { ObjectWriter } from './store.ts'

/** Where a file is written, and its final place. */
export type DiskTarget = {
  /** Its name while it is written, in the same file system. */
  draft: string
  path: string
  /** The folder that holds `path`. */
  folder: string
  /** Resolves when `folder` is there, durably. */
  makeFolder(): Promise<void>
}

/**
 * Writes one file under its draft name; `commit` makes it durable in the order that survives a power cut: data,
 * then name, then the folder that holds the name.
 */
export function createDiskWriter(target: DiskTarget): ObjectWriter {
  let file: FileHandle | undefined
  let writtenBytes = 0
  let ended = false
  let current: Promise<void> = Promise.resolve()

  const append = async (chunk: Buffer) => {
    file ??= await open(target.draft, 'wx', 0o600)
    for (let done = 0; done < chunk.length; ) {
      const { bytesWritten } = await file.write(chunk, done)
      if (bytesWritten === 0) throw new AppError('storage_full')
      done += bytesWritten
    }
    writtenBytes += chunk.length
  }
  const discard = async () => {
    await file?.close().catch(() => {})
    await rm(target.draft, { force: true }).catch(() => {})
  }
  const publish = async (sizeBytes: number) => {
    if (file === undefined || writtenBytes !== sizeBytes) {
      throw new AppError('storage_unavailable', { detail: `${writtenBytes} of ${sizeBytes} bytes were written.` })
    }
    await file.datasync()
    await file.close()
    await target.makeFolder()
    await rename(target.draft, target.path)
    await syncFolder(target.folder)
  }
  // Every step is remembered, so that `abort` can wait for the one under way before it takes the file away.
  const step = (work: () => Promise<void>): Promise<void> => {
    const result = work().catch((error: unknown) => {
      throw diskError(error)
    })
    current = result.catch(() => {})
    return result
  }
  return {
    async write(chunk) {
      if (ended) throw new AppError('storage_unavailable', { detail: 'The write was ended.' })
      await step(() => append(chunk))
    },
    async commit(sizeBytes) {
      if (ended) throw new AppError('storage_unavailable', { detail: 'The write was ended.' })
      ended = true
      try {
        await step(() => publish(sizeBytes))
      } catch (error) {
        await discard()
        await rm(target.path, { force: true }).catch(() => {})
        throw error
      }
    },
    async abort() {
      const first = !ended
      ended = true
      await current
      if (first) await discard()
    },
  }
}

/** Makes the names in a folder survive a power cut. */
export async function syncFolder(folder: string): Promise<void> {
  await using handle = await open(folder)
  await handle.sync()
}
