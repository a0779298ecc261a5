import { setTimeout as delay } from 'node:timers/promises'
import { createSeeded } from '../blackbox/seeded.ts'
import type { Contents } from './contents.ts'
import { createSizes } from './draws.ts'
import type { Lanes } from './lanes.ts'
import { create } from './operations.ts'
import type { Profile } from './profile-schema.ts'
import { failureOf, type Reply } from './reply.ts'
import { WRONG_BYTES } from './tally.ts'
import type { Known } from './world.ts'

const AT_ONCE = 32
/** Larger bodies one at a time for each of these. */
const AT_ONCE_BYTES = 64 * 1024 * 1024
const ATTEMPTS = 40
const PAUSE_MS = 500
/** The first pastes of a run have numbers from here on: creates of the run have random ones below. */
const FIRST_NUMBER = 2 ** 32

/** What making pastes beforehand needs. */
export type PopulationDeps = {
  lanes: Lanes
  contents: Contents
  /** Epoch ms. */
  now(): number
  onProgress?: (made: number) => void
}

/**
 * Makes the pastes of a profile, the same for the same seed but for their slugs. Those that expire count from now on,
 * so that making them has to take less than `expires.fromSeconds`. Throws when a single one is refused.
 */
export async function makePopulation(
  { pastes, sizes, maxViews, expires }: Profile['population'],
  seed: number,
  { lanes, contents, now, onProgress }: PopulationDeps,
): Promise<Known[]> {
  const random = createSeeded(seed)
  const size = createSizes(sizes)
  const sizeOf = Array.from({ length: pastes }, () => size(random))
  const largest = sizeOf.reduce((most, bytes) => Math.max(most, bytes), 1)
  const workers = Math.max(1, Math.min(AT_ONCE, pastes, Math.floor(AT_ONCE_BYTES / largest)))
  const startAt = now()
  const population: Known[] = []
  let next = 0
  const work = async () => {
    for (let index = next++; index < pastes; index = next++) {
      const query = new URLSearchParams()
      if (maxViews) query.set('maxViews', `${maxViews}`)
      if (expires) query.set('expiresAt', new Date(startAt + 1_000 * endOf(expires, index, pastes)).toISOString())
      const bytes = sizeOf[index] ?? 1
      population[index] = await make(lanes, contents, FIRST_NUMBER + index, bytes, query.size > 0 ? `?${query}` : '')
      onProgress?.(index)
    }
  }
  await Promise.all(Array.from({ length: workers }, work))
  return population
}

function endOf({ fromSeconds, overSeconds }: NonNullable<Profile['population']['expires']>, index: number, of: number) {
  return fromSeconds + (overSeconds * index) / of
}

/** Makes one paste; asks again when the service is busy, for here it is not being measured. */
async function make(
  lanes: Lanes,
  contents: Contents,
  number: number,
  sizeBytes: number,
  query: string,
): Promise<Known> {
  for (let attempt = 1; ; attempt++) {
    const { known, reply } = await createOnce(lanes, contents.pieces(number, sizeBytes), query)
    if (known?.sha256 === contents.sha256(number, sizeBytes)) return known
    if (known) throw new Error(`a paste of the population has ${WRONG_BYTES}`)
    const isBusy = reply.status === 503 || reply.status === 429
    if (!isBusy || attempt === ATTEMPTS) throw new Error(`a paste of the population was refused: ${failureOf(reply)}`)
    await delay(PAUSE_MS)
  }
}

function createOnce(lanes: Lanes, body: Buffer[], query: string): Promise<{ known: Known | undefined; reply: Reply }> {
  return new Promise((resolve) => create(lanes, body, query, (known, reply) => resolve({ known, reply })))
}
