import { DuplicateKey, type Observe } from '../../core/index.ts'
import type { Metrics } from './metrics.ts'

// Seconds; from a row in the page cache to a dependency that is given up.
const BOUNDS = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

/** Times the calls of database, store and Redis for the figures, by operation and whether they failed. */
export function dependencyMetrics(metrics: Metrics): Observe {
  const calls = metrics.histogram({
    name: 'paste_part_call_duration_seconds',
    help: 'Time that a call of the database, the store or Redis took',
    labelNames: ['part', 'operation', 'outcome'],
    bounds: BOUNDS,
  })
  return async (dependency, operation, call) => {
    const startedAt = performance.now()
    const count = (outcome: string) =>
      calls.series(dependency, operation, outcome).observe((performance.now() - startedAt) / 1_000)
    try {
      const result = await call()
      count('ok')
      return result
    } catch (error) {
      // That a name is taken is an answer.
      count(error instanceof DuplicateKey ? 'ok' : 'failed')
      throw error
    }
  }
}
