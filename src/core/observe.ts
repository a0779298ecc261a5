/** An outside part of the service whose calls are timed. */
export type Dependency = 'database' | 'store' | 'redis'

/**
 * Runs `call` and observes it: how long until it settles, and of which part. `operation` is one of a few fixed names,
 * such as `select pastes` or `read`; never a key, a slug or an address. Gives or throws what `call` does, and adds no
 * failure of its own.
 */
export type Observe = <Result>(part: Dependency, operation: string, call: () => Promise<Result>) => Promise<Result>

/** Told how long something waited for its turn, or bytes were encoded or decoded; ms. */
export type DurationObserver = (part: 'queue' | 'encoding', durationMs: number) => void

/** Told of every lookup of a cache. */
export type CacheCount = { hit(): void; miss(): void }
