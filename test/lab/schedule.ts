import { createSeeded, type Seeded } from '../blackbox/seeded.ts'
import { createZipf } from './draws.ts'
import type { MixEntry, Profile } from './profile-schema.ts'

/** Every request of one step, in the order of time. The arrays have the same length. */
export type Schedule = {
  length: number
  /** How long the step is. */
  seconds: number
  /** When it is to begin, ms after the beginning of the step. */
  atMs: Float64Array
  /** Which entry of the mix. */
  entry: Uint8Array
  /** Which paste of the population; for a create, a number from which its content is drawn. */
  target: Uint32Array
}

/** What a schedule is drawn from. */
export type ScheduleOptions = {
  profile: Pick<Profile, 'arrivals' | 'mix'> & { population: { pastes: number } }
  seed: number
  /** Of the step, or of its bursts. */
  perSecond: number
  seconds: number
  /** The first paste that a burst takes: each takes one of its own. */
  firstBurst?: number
}

/**
 * Everything that is going to be asked in a step; the same for the same options. Nothing in it depends on an answer:
 * a slow server meets the same arrivals as a fast one.
 */
export function makeSchedule(options: ScheduleOptions): Schedule {
  const { profile, seed, perSecond, seconds, firstBurst = 0 } = options
  const { arrivals, mix, population } = profile
  // Times and choices come from sequences of their own: another mix meets the same arrivals.
  const times = arrivalTimes(arrivals, createSeeded(seed), perSecond, seconds)
  const random = createSeeded(seed ^ 0x5bd1e995)
  const choices = mix.map((entry) => createChoice(entry, population.pastes))
  const weights = mix.map((entry, index): [number, number] => [index, entry.share])
  const schedule = {
    length: times.length,
    seconds,
    atMs: Float64Array.from(times),
    entry: new Uint8Array(times.length),
    target: new Uint32Array(times.length),
  }
  const burst = arrivals.bursts?.size
  for (let index = 0; index < times.length; index++) {
    const chosen = random.pick(weights)
    schedule.entry[index] = chosen
    schedule.target[index] = burst
      ? (firstBurst + Math.floor(index / burst)) % population.pastes
      : (choices[chosen]?.(random) ?? 0)
  }
  return schedule
}

function arrivalTimes(
  { process, bursts }: Profile['arrivals'],
  random: Seeded,
  perSecond: number,
  seconds: number,
): number[] {
  const endMs = seconds * 1_000
  if (process === 'at once') {
    const count = Math.max(1, Math.round(perSecond * seconds))
    return Array.from({ length: count * (bursts?.size ?? 1) }, (_, index) => {
      const burst = Math.floor(index / (bursts?.size ?? 1))
      return (burst * 1_000) / perSecond
    })
  }
  const meanMs = 1_000 / perSecond
  if (process === 'even') return Array.from({ length: Math.round(perSecond * seconds) }, (_, index) => index * meanMs)
  const times: number[] = []
  for (let at = gap(); at < endMs; at += gap()) times.push(at)
  return times
  function gap(): number {
    return -Math.log(1 - random.next()) * meanMs
  }
}

function createChoice({ operation, choice = 'uniform' }: MixEntry, pastes: number): (random: Seeded) => number {
  if (operation === 'create' || operation === 'guess' || operation === 'delete')
    return (random) => random.below(2 ** 32)
  if (choice === 'one') return () => 0
  if (choice === 'uniform') return (random) => random.below(pastes)
  return createZipf(pastes, choice.zipf)
}
