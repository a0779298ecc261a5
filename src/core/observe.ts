/** A server that the service depends on, whose calls are timed. */
export type Dependency = 'database' | 'store' | 'redis'

/**
 * Runs `call` and observes how long it takes to settle. `operation` is one of a few fixed names, such as
 * `select pastes` or `read`; never a key, a slug or an address. Returns or throws what `call` does, and adds no failure.
 */
export type Observe = <Result>(part: Dependency, operation: string, call: () => Promise<Result>) => Promise<Result>

/** Records, in ms, how long work waited in a queue, or took to encode or decode bytes. */
export type DurationObserver = (part: 'queue' | 'encoding', durationMs: number) => void

/**
 * Counts bytes that aren't the ones that were stored. `redis`: a copy in Redis, ignored; `mended`: the store's second
 * answer was right; `refused`: it was wrong too, and the reader got an error.
 */
export type CountDamage = (fate: 'redis' | 'mended' | 'refused') => void

/** Counts the lookups of a cache. */
export type CacheCount = { hit(): void; miss(): void }
