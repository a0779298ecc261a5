/** One call to a register: the span in which it must have taken effect, and what it does there. */
export type Call<State> = {
  /** Any unit, but the same for all calls. */
  from: number
  /** Infinity when it may take effect at any time after `from`. */
  to: number
  /** Whether it may never have taken effect: what became of it is unknown. */
  optional: boolean
  /** Whether it leaves the state as it is. */
  isRead: boolean
  /** The state after it; undefined when it can't take effect in this one. */
  apply(state: State): State | undefined
}

/** `stuck` are the calls that no order could place when the search got furthest. */
export type Verdict = { possible: true } | { possible: false; stuck: number[] } | { possible: 'undecided' }

/** So many states of the search: a history that needs more is too wide to decide. */
const MOST_STEPS = 200_000

/**
 * Whether one order of the calls explains them all, in which each takes effect within its span: Wing and Gong's search
 * with Lowe's memory of what was tried, as in porcupine. States are compared by `===`. A read that fits is placed at
 * once, which loses no order, so that only writes branch.
 */
export function linearize<State>(calls: readonly Call<State>[], initial: State): Verdict {
  const order = calls.map((_, index) => index).sort((one, other) => from(one) - from(other))
  const tried = new Map<State, Set<string>>()
  let best: number[] = order
  let steps = 0

  function search(state: State, left: readonly number[]): boolean | undefined {
    const remaining = withoutFittingReads(state, left)
    const required = remaining.filter((index) => !calls[index]?.optional)
    if (required.length === 0) return true
    if (required.length < best.length) best = required
    if (++steps > MOST_STEPS) return undefined
    const key = remaining.join()
    const keys = tried.get(state) ?? new Set()
    tried.set(state, keys)
    if (keys.has(key)) return false
    keys.add(key)
    const deadline = earliestEnd(remaining)
    for (const index of remaining) {
      if (from(index) > deadline) break
      const call = calls[index] as Call<State>
      const next = call.isRead ? undefined : call.apply(state)
      if (next === undefined) continue
      const found = search(
        next,
        remaining.filter((other) => other !== index),
      )
      if (found !== false) return found
    }
    return false
  }

  /** What is left when every read that may come now has been placed. */
  function withoutFittingReads(state: State, left: readonly number[]): readonly number[] {
    for (let remaining = left; ; ) {
      const deadline = earliestEnd(remaining)
      const next = remaining.filter((index) => {
        const call = calls[index] as Call<State>
        return !(call.isRead && call.from <= deadline && call.apply(state) !== undefined)
      })
      if (next.length === remaining.length) return next
      remaining = next
    }
  }

  function earliestEnd(remaining: readonly number[]): number {
    let end = Number.POSITIVE_INFINITY
    for (const index of remaining) if (!calls[index]?.optional) end = Math.min(end, calls[index]?.to ?? end)
    return end
  }

  function from(index: number): number {
    return calls[index]?.from ?? 0
  }

  const found = search(initial, order)
  if (found === undefined) return { possible: 'undecided' }
  return found ? { possible: true } : { possible: false, stuck: best }
}
