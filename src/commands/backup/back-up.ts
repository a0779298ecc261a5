import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { systemRandom } from '../../core/index.ts'
import { backUpPastes, giveIdentity } from '../../paste/index.ts'
import type { Backends } from '../../wiring/index.ts'
import { counted, createProgress } from '../progress.ts'
import {
  adoptFormer,
  beginGeneration,
  finishGeneration,
  type Generation,
  generationName,
  listGenerations,
  ROWS,
  type Summary,
} from './generations.ts'
import { writeLines } from './lines-file.ts'
import { openObjects, prune } from './objects.ts'

/** How a backup is asked for. */
export type BackupRequest = { folder: string; source: string; keep: number; force: boolean }

/** A backup that is done: its summary, and what was moved. */
export type BackupResult = {
  name: string
  summary: Summary
  copied: { objects: number; bytes: number }
  pruned: { generations: number; objects: number }
}

/**
 * Makes the next generation of a backup folder, which this process holds, and then removes what is no longer kept. Until
 * the last step nothing of the generations that are there changes. Throws an Error in words when the folder belongs to
 * another database, or more than half of the pastes are gone.
 */
export async function backUp({ database, store, clock }: Backends, request: BackupRequest): Promise<BackupResult> {
  const { folder } = request
  const identity = await giveIdentity(database.db, systemRandom.bytes(16).toString('hex'))
  await adoptFormer(folder)
  const last = (await listGenerations(folder)).at(-1)
  refuseOther(last, identity, folder)
  const takenAt = clock.now()
  const path = await beginGeneration(folder, generationName(takenAt))
  const objects = await openObjects(folder)
  const rows = await writeLines(join(path, ROWS))
  const say = createProgress()
  try {
    const target = { objects: objects.store, holds: objects.holds, line: rows.line }
    const report = await backUpPastes({ db: database.db, store, clock }, target, (now) =>
      say(() => counted(now.pastes, 'paste')),
    )
    const { pastes, tombstones, missing, damaged, copied } = report
    if (!request.force) refuseShrunk(last, pastes)
    const summary: Summary = {
      version: 2,
      database: identity,
      source: request.source,
      takenAt: new Date(takenAt).toISOString(),
      pastes,
      tombstones,
      rowsSha256: await rows.finish(),
      missing,
      damaged,
    }
    await finishGeneration(path, objects.keys(), summary)
    const pruned = await prune(await listGenerations(folder), request.keep, objects.store)
    return { name: generationName(takenAt), summary, copied, pruned }
  } finally {
    await rows.close().catch(() => {})
    await rm(path, { recursive: true, force: true }).catch(() => {})
    await objects.close()
  }
}

function refuseOther(last: Generation | undefined, identity: string, folder: string): void {
  const known = last?.summary?.database
  if (known !== undefined && known !== identity)
    throw new Error(
      `${folder} holds backups of another database (${known}, of ${last?.summary?.source}), and this one is ${identity}: ` +
        'check DATABASE_URL and DATA_DIR, or name another folder. Nothing was changed.',
    )
}

function refuseShrunk(last: Generation | undefined, pastes: number): void {
  const before = last?.summary?.pastes ?? 0
  if (pastes * 2 < before)
    throw new Error(
      `there are ${pastes} pastes and the last backup (${last?.name}) has ${before}: if more than half were meant to go, ` +
        'repeat it with --force. Nothing was changed.',
    )
}
