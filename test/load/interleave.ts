import { watched } from './machine.ts'

/** A server and one measurement on it; gives a figure of which more is better. */
export type Contender = { pid: number; measure(): Promise<number> }

// Above this share of foreign work on a core a repetition says little, and is repeated.
const MOST_FOREIGN = 0.15
const ATTEMPTS = 2
// Compilers, caches, connections: on one core the server takes seconds to reach its pace.
const WARM_UP_ROUNDS = 2

/**
 * Measures contenders in turn, A B A B, so that a machine that slows down slows them all down. A repetition that was
 * disturbed by other work is done again, and the calmer of the two is kept.
 *
 * @returns for each contender its samples, in order
 */
export async function interleave<Name extends string>(
  contenders: Record<Name, Contender>,
  repetitions: number,
): Promise<Record<Name, number[]>> {
  const entries = Object.entries(contenders) as [Name, Contender][]
  const samples = Object.fromEntries(entries.map(([name]) => [name, []])) as unknown as Record<Name, number[]>
  for (let round = -WARM_UP_ROUNDS; round < repetitions; round++)
    for (const [name, contender] of entries) {
      const sample = await calmest(contender, round < 0 ? 1 : ATTEMPTS)
      if (round >= 0) samples[name].push(sample)
    }
  return samples
}

async function calmest({ pid, measure }: Contender, attempts: number): Promise<number> {
  let best = { value: Number.NaN, foreign: Number.POSITIVE_INFINITY }
  for (let attempt = 0; attempt < attempts && best.foreign > MOST_FOREIGN; attempt++) {
    const sample = await watched(pid, measure)
    if (sample.foreign < best.foreign) best = sample
  }
  return best.value
}
