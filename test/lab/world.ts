import type { Contents } from './contents.ts'
import type { Lanes } from './lanes.ts'

/** A paste that was made before the run, or in it. */
export type Known = {
  slug: string
  /** Lower-case hex. */
  sha256: string
  sizeBytes: number
  editToken: string
  /** Epoch ms; null: it stays. */
  expiresAt: number | null
}

/** What operations act on. */
export type World = {
  /** Connections from an address; undefined: from wherever the system takes one. */
  lanes(from?: string): Lanes
  contents: Contents
  /** What reads choose from. */
  population: readonly Known[]
  /** Pastes made in the run that nothing has deleted yet; the oldest first. */
  made: Known[]
  /** How many claims of a paste of the population got it. */
  winners: Uint32Array
  /** Epoch ms. */
  now(): number
}
