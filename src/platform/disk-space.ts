import { randomFillSync } from 'node:crypto'
import { existsSync, rmSync, statfsSync } from 'node:fs'
import { open, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../core/index.ts'
import type { Part } from './health/index.ts'

/** The room on the disk of the data folder: who may still write, and a reserve for ends and deletes. */
export type DiskSpace = {
  /**
   * Throws `storage_full` where too little would be left after `bytes` more; 0 for a small body. Looks at the disk once a
   * second, and whenever what was admitted since may have filled it.
   */
  refuse(bytes?: number): void
  /**
   * Removes the reserve, so that a write which met a full disk has room; false when there is none. From then on
   * {@link DiskSpace.refuse} refuses, until there is room for a new one.
   */
  giveUpReserve(): boolean
  /** The most that the database's log may take, so that the reserve is enough to put it away. */
  logBytes: number
  /** Resolves when nothing is written any more. */
  close(): Promise<void>
  /** Says by `/health/ready` that creates are refused; the service is of use all the same. */
  part: Part
}

const LOOK_MS = 1_000
const MIN_FREE_BYTES = 256 * 1024 ** 2
const MIN_FREE_SHARE = 0.05
const RESERVE_BYTES = 22 * 1024 ** 2
const RESERVE_SHARE = 1 / 16
/** Where more is free, the disk can't fill before it is looked at again. */
const RESERVED_BELOW_BYTES = 4 * 1024 ** 3
/** Putting the log away takes as much as the log has, so the reserve is larger. */
const LOG_SHARE = 3 / 4
const MOST_LOG_BYTES = 16 * 1024 ** 2
/** A small paste lies in the database's log, and then in its file. */
const SMALL_COST_BYTES = 64 * 1024
/** A reserve is made again where the log has room beside it. */
const RESTORE_FACTOR = 1.5
const PIECE_BYTES = 1024 ** 2

/**
 * Watches the disk of `folder`, which exists. `minFreeBytes`: what stays free, null for 256 MiB or 5 % of the disk,
 * whichever is less; 0 watches nothing. `reusable` gives bytes inside the database's file that it fills before it grows.
 */
export function createDiskSpace(options: {
  folder: string
  minFreeBytes: number | null
  nowMs(): number
  reusable?(): number
}): DiskSpace {
  const { folder, nowMs, reusable = () => 0 } = options
  const reserve = join(folder, 'reserve')
  const sizeBytes = (() => {
    const disk = statfsSync(folder)
    return disk.blocks * disk.bsize
  })()
  const minFreeBytes = options.minFreeBytes ?? Math.min(MIN_FREE_BYTES, Math.floor(sizeBytes * MIN_FREE_SHARE))
  const reserveBytes = minFreeBytes === 0 ? 0 : Math.min(RESERVE_BYTES, Math.floor(sizeBytes * RESERVE_SHARE))
  let hasReserve = existsSync(reserve)
  let gaveUp = false
  let admittedBytes = 0
  let restoring: Promise<void> | undefined
  let lookedAt = Number.NEGATIVE_INFINITY
  let freeBytes = 0
  let reusableBytes = 0

  function look(): void {
    lookedAt = nowMs()
    admittedBytes = 0
    const disk = statfsSync(folder)
    freeBytes = disk.bavail * disk.bsize
    reusableBytes = freeBytes < 2 * minFreeBytes ? reusable() : 0
    const hasRoom = freeBytes >= RESTORE_FACTOR * reserveBytes
    if (freeBytes >= RESERVED_BELOW_BYTES) gaveUp = false
    else if (!hasReserve && hasRoom)
      restoring ??= restore().finally(() => {
        restoring = undefined
      })
  }

  function giveUpReserve(): boolean {
    if (!hasReserve) return false
    rmSync(reserve, { force: true })
    hasReserve = false
    gaveUp = true
    lookedAt = Number.NEGATIVE_INFINITY
    return true
  }

  async function restore(): Promise<void> {
    const draft = `${reserve}.new`
    try {
      // Random, because zeros take no room on a disk that compresses.
      const piece = randomFillSync(Buffer.allocUnsafeSlow(Math.min(PIECE_BYTES, reserveBytes)))
      await using file = await open(draft, 'w')
      for (let left = reserveBytes; left > 0; left -= piece.length)
        await file.write(piece, 0, Math.min(left, piece.length))
      await rename(draft, reserve)
      hasReserve = true
      gaveUp = false
    } catch {
      rmSync(draft, { force: true })
    }
  }

  // Opening the database needs some room.
  if (hasReserve && statfsSync(folder).bavail === 0) giveUpReserve()

  const room = (bytes: number) => {
    // A small body may go where others were; a large one is a file of its own.
    const ofDatabase = bytes === 0 ? reusableBytes : 0
    return freeBytes + ofDatabase - admittedBytes - bytes - minFreeBytes
  }
  const full = (bytes: number) => {
    if (gaveUp || nowMs() - lookedAt >= LOOK_MS || room(bytes) < 0) look()
    return gaveUp || room(bytes) < 0
  }
  return {
    refuse(bytes = 0) {
      if (minFreeBytes === 0) return
      if (full(bytes)) throw storageFull()
      admittedBytes += bytes || SMALL_COST_BYTES
    },
    giveUpReserve,
    close: async () => restoring,
    logBytes: reserveBytes === 0 ? MOST_LOG_BYTES : Math.min(MOST_LOG_BYTES, LOG_SHARE * reserveBytes),
    part: {
      name: 'space',
      required: false,
      async check() {
        if (minFreeBytes > 0 && full(0)) throw storageFull()
      },
      detail: () => ({ freeBytes }),
    },
  }
}

/** The refusal of a create for which there is no room. */
export function storageFull(): AppError {
  return new AppError('storage_full', {
    detail: 'There is no room for new content. What is there can be read and deleted; try again when some has ended.',
  })
}
