import { DuplicateKey, type Observe } from '../../core/index.ts'
import { DEPENDENCY_SECONDS } from './histogram.ts'
import type { Metrics } from './metrics.ts'

/** Times the calls of database, store and Redis for the figures, by operation and whether they failed. */
export function dependencyMetrics(metrics: Metrics): Observe {
  const calls = metrics.histogram({
    name: 'paste_part_call_duration_seconds',
    help: 'Time that a call of the database, the store or Redis took',
    labelNames: ['part', 'operation', 'outcome'],
    bounds: DEPENDENCY_SECONDS,
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
