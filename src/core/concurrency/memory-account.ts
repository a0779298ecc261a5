/** Memory that work in flight holds, counted against a bound. */
export type MemoryAccount = {
  /** Counts bytes before they are kept; throws the refusal, and counts nothing, where they go past the bound. */
  take(bytes: number): void
  /** Gives back bytes that were taken. */
  give(bytes: number): void
  used(): number
}

/** An empty account of at most `limitBytes`. */
export function createMemoryAccount(limitBytes: number, refusal: () => Error): MemoryAccount {
  let used = 0
  return {
    take(bytes) {
      if (used + bytes > limitBytes) throw refusal()
      used += bytes
    },
    give(bytes) {
      used -= bytes
    },
    used: () => used,
  }
}
