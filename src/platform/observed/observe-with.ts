import type { Observe } from '../../core/index.ts'

/** All of these observers as one, the first of them outermost; those that aren't there are left out. */
export function observeWith(...observers: (Observe | undefined)[]): Observe {
  const [first, ...others] = observers.filter((observer) => observer !== undefined)
  if (first === undefined) return (_part, _operation, call) => call()
  if (others.length === 0) return first
  const rest = observeWith(...others)
  return (dependency, operation, call) => first(dependency, operation, () => rest(dependency, operation, call))
}
