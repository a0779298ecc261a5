import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Generation, listGenerations, ROWS } from './generations.ts'
import { hashOf, readLines } from './lines-file.ts'

/** The generation to restore, and the later ones of the same folder, newest last. */
export type Chosen = { generation: Generation; later: Generation[] }

/**
 * The newest generation of a folder, or the one that is named. Throws an Error in words when there is none, or when its
 * rows are not the ones that were written.
 */
export async function chooseGeneration(folder: string, name: string | undefined): Promise<Chosen> {
  const all = await generationsOf(folder)
  const index = name === undefined ? all.length - 1 : all.findIndex((candidate) => candidate.name === name)
  const generation = all[index]
  if (generation === undefined)
    throw new Error(
      all.length === 0
        ? `${folder} holds no finished backup`
        : `${folder} has no generation ${name}; it has ${all.map((one) => one.name).join(', ')}`,
    )
  await refuseDamaged(generation, all)
  return { generation, later: all.slice(index + 1) }
}

/** The generations of a folder; a backup of the former release is one. */
export async function generationsOf(folder: string): Promise<Generation[]> {
  const all = await listGenerations(folder)
  if (!existsSync(join(folder, ROWS))) return all
  return [{ name: 'former', path: folder, summary: undefined }, ...all]
}

/** The slugs that later generations list as ended. Their damaged ones are left out: an older one has to be restorable. */
export async function endedIn(later: readonly Generation[]): Promise<Set<string>> {
  const ended = new Set<string>()
  for (const { path } of later) {
    try {
      for await (const line of readLines(join(path, ROWS))) {
        const { slug, state } = JSON.parse(line) as { slug?: string; state?: string }
        if (slug !== undefined && state === 'ended') ended.add(slug)
        else if (slug !== undefined) ended.delete(slug)
      }
    } catch {}
  }
  return ended
}

async function refuseDamaged({ name, path, summary }: Generation, all: readonly Generation[]): Promise<void> {
  const fault = await faultOf(path, summary?.rowsSha256)
  if (fault === undefined) return
  const others = all.filter((other) => other.name !== name).map((other) => other.name)
  const remedy = others.length === 0 ? 'There is no other.' : `Name another one by --generation: ${others.join(', ')}`
  throw new Error(`the backup ${name} is damaged or was cut off (${fault}); nothing was restored. ${remedy}`)
}

async function faultOf(path: string, sha256: string | undefined): Promise<string | undefined> {
  try {
    if (sha256 !== undefined) return (await hashOf(join(path, ROWS))) === sha256 ? undefined : 'its rows changed'
    for await (const _ of readLines(join(path, ROWS)));
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}
