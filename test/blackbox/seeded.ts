/** A random sequence that a seed repeats (mulberry32); good enough to choose what a test does next. */
export type Seeded = {
  /** Uniform in [0, 1). */
  next(): number
  /** A whole number, uniform in [0, bound). */
  below(bound: number): number
  /** One of the entries, each as often as its weight says. */
  pick<Choice>(weights: [choice: Choice, weight: number][]): Choice
}

/** The sequence of one seed, a whole number of 32 bits. */
export function createSeeded(seed: number): Seeded {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const pick = <Choice>(weights: [Choice, number][]): Choice => {
    let left = next() * weights.reduce((sum, [, weight]) => sum + weight, 0)
    for (const [choice, weight] of weights) {
      left -= weight
      if (left < 0) return choice
    }
    throw new RangeError('nothing to pick from')
  }
  return { next, below: (bound) => Math.floor(next() * bound), pick }
}
