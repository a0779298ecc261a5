import { randomBytes } from 'node:crypto'
import { createContents } from './contents.ts'
import { createLanes, type Lanes } from './lanes.ts'
import { makePopulation } from './population.ts'
import type { LoadedProfile } from './profile.ts'
import type { System } from './system.ts'
import type { Known, World } from './world.ts'

const CONNECTIONS = 128

/** A population on a system, ready for any number of runs. */
export type Ground = { world: World; close(): Promise<void> }

/** Makes the pastes of a profile on a system, and lets their memory be cold where the profile wants that. */
export async function prepareGround(
  { profile }: LoadedProfile,
  system: System,
  seed: number,
  onPhase: (words: string) => void,
): Promise<Ground> {
  const lanesOf = new Map<string | undefined, Lanes>()
  const lanes = (from?: string) => {
    const address = system.isLocal ? from : undefined
    const known = lanesOf.get(address)
    if (known) return known
    const made = createLanes(system.url, profile.arrivals.connections ?? CONNECTIONS, address)
    lanesOf.set(address, made)
    return made
  }
  const close = async () => void (await Promise.all([...lanesOf.values()].map((each) => each.destroy())))
  const name = `lab ${seed} ${randomBytes(4).toString('hex')}`
  const contents = createContents(profile.population.text ?? 'log', name)
  try {
    onPhase(`making ${profile.population.pastes.toLocaleString('en')} pastes`)
    const population = await makePopulation(profile.population, seed, { lanes: lanes(), contents, now: Date.now })
    if (profile.system?.restartBefore) {
      onPhase(system.restart ? 'starting the replicas again, so that their memory is cold' : COLD_UNKNOWN)
      await system.restart?.()
    }
    const winners = new Uint32Array(population.length)
    return { world: { lanes, contents, population, made: [] as Known[], winners, now: Date.now }, close }
  } catch (error) {
    await close()
    throw error
  }
}

const COLD_UNKNOWN = 'the replicas are not ours to restart: what was just made may still be in their memory'
