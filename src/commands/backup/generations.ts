import { copyFile, link, mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readLines } from './lines-file.ts'

// A backup folder: `generations/<time>/` with `rows.ndjson.zst` (one line for each row behind a head), `objects.txt` (the
// keys of its objects) and `summary.json`; `objects/`, which lies as DATA_DIR/objects does, holds the objects of all
// generations. It holds the content of pastes: only its owner may read it.
export const ROWS = 'rows.ndjson.zst'
export const KEYS = 'objects.txt'
export const SUMMARY = 'summary.json'
export const PRIVATE = 0o700
const PART = '.part'

/** What a generation is, as its `summary.json` holds it. */
export type Summary = {
  version: 2
  /** Identity of the database that was backed up. */
  database: string
  source: string
  takenAt: string
  pastes: number
  tombstones: number
  /** SHA-256 of the rows file. */
  rowsSha256: string
  /** Slugs of pastes that could not be backed up. */
  missing: string[]
  damaged: string[]
}

/** A complete generation; one that a former release made has no summary. */
export type Generation = { name: string; path: string; summary: Summary | undefined }

/** The generations of a folder, oldest first, without those that were never finished. */
export async function listGenerations(folder: string): Promise<Generation[]> {
  const names = await readdir(join(folder, 'generations')).catch(() => [])
  const whole = names.filter((name) => !name.endsWith(PART)).sort()
  return Promise.all(
    whole.map(async (name) => {
      const path = join(folder, 'generations', name)
      return { name, path, summary: await readSummary(path) }
    }),
  )
}

async function readSummary(path: string): Promise<Summary | undefined> {
  try {
    return JSON.parse(await readFile(join(path, SUMMARY), 'utf8')) as Summary
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw new Error(`${join(path, SUMMARY)} can't be read: ${(error as Error).message}`)
  }
}

/** Begins a generation under a name that no restore takes; removes those of earlier runs that were ended. */
export async function beginGeneration(folder: string, name: string): Promise<string> {
  const all = join(folder, 'generations')
  await mkdir(all, { recursive: true, mode: PRIVATE })
  for (const other of await readdir(all))
    if (other.endsWith(PART)) await rm(join(all, other), { recursive: true, force: true })
  const path = join(all, `${name}${PART}`)
  await mkdir(path, { mode: PRIVATE })
  return path
}

/** Writes keys and summary of a generation and gives it its name, in one step that survives a power cut. */
export async function finishGeneration(path: string, keys: string, summary: Summary): Promise<void> {
  await writeDurably(join(path, KEYS), keys)
  await writeDurably(join(path, SUMMARY), `${JSON.stringify(summary, null, 2)}\n`)
  await syncFolder(path)
  await rename(path, path.slice(0, -PART.length))
  await syncFolder(join(path, '..'))
}

/** Removes a generation, in a way that leaves none with a part of its files. */
export async function removeGeneration({ path }: Pick<Generation, 'path'>): Promise<void> {
  await rename(path, `${path}${PART}`)
  await rm(`${path}${PART}`, { recursive: true, force: true })
}

/** Makes a generation of the one backup that the former release kept in a folder; nothing where there is none. */
export async function adoptFormer(folder: string): Promise<void> {
  const rows = join(folder, ROWS)
  const keys: string[] = []
  let takenAt: number | undefined
  try {
    for await (const line of readLines(rows)) {
      const value = JSON.parse(line) as { takenAt?: number; state?: string; object_key?: string | null }
      takenAt ??= value.takenAt ?? 0
      if (value.state === 'live' && value.object_key) keys.push(value.object_key)
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    throw new Error(`${rows}, of an earlier backup, can't be read (${(error as Error).message}): move it away`)
  }
  const name = generationName(takenAt ?? 0)
  // One that is there was adopted before, by a run that was ended before it removed the original.
  if (!(await listGenerations(folder)).some((one) => one.name === name)) {
    const path = await beginGeneration(folder, name)
    await link(rows, join(path, ROWS)).catch(() => copyFile(rows, join(path, ROWS)))
    await writeDurably(join(path, KEYS), keys.join('\n'))
    await syncFolder(path)
    await rename(path, path.slice(0, -PART.length))
    await syncFolder(join(path, '..'))
  }
  await rm(rows)
}

/** The name of a generation: its time in UTC, such as `2026-12-01T05-15-00.000Z`. */
export function generationName(at: number): string {
  return new Date(at).toISOString().replaceAll(':', '-')
}

/** The keys of a generation's objects. */
export async function keysOf({ path }: Pick<Generation, 'path'>): Promise<string[]> {
  const text = await readFile(join(path, KEYS), 'utf8')
  return text.split('\n').filter((key) => key !== '')
}

/** Writes a file whole, so that a power cut leaves it or nothing. */
export async function writeDurably(path: string, text: string): Promise<void> {
  const draft = `${path}.draft`
  await writeFile(draft, text, { mode: 0o600, flush: true })
  await rename(draft, path)
}

async function syncFolder(folder: string): Promise<void> {
  await using handle = await open(folder)
  await handle.sync()
}
