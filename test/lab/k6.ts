import { readFileSync } from 'node:fs'
import type { GoProgram } from '../services/go.ts'
import { ratesOf } from './ladder.ts'
import type { Profile } from './profile-schema.ts'
import type { Known } from './world.ts'

/** k6 as it is built here by `node test/lab/k6-build.ts`, in about two minutes. */
export const K6: GoProgram = { name: 'k6', path: 'go.k6.io/k6', version: 'v1.8.1' }

const SCRIPT = new URL('k6-script.js', import.meta.url)
const MOST_RATE_VUS = 200

/**
 * The script with which k6 puts the load of a profile on `url`: every rate that the profile names, one after the
 * other, the same mix, and the pastes of `population`. It finds no knee and has no crowds of slow clients.
 */
export function k6Script({ mix, arrivals }: Profile, url: string, population: readonly Known[]): string {
  const plan = {
    url,
    mix,
    seconds: arrivals.seconds,
    rates: ratesOf(arrivals),
    bursts: arrivals.bursts,
    vus: Math.min(MOST_RATE_VUS, arrivals.connections ?? MOST_RATE_VUS),
    pastes: population.map(({ slug, sha256, sizeBytes }) => [slug, sha256, sizeBytes]),
  }
  return readFileSync(SCRIPT, 'utf8').replace('const PLAN = {}', () => `const PLAN = ${JSON.stringify(plan)}`)
}
