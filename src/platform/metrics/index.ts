export { dependencyMetrics } from './dependency-metrics.ts'
export { formatFor } from './exposition.ts'
export { createMetrics, type Metrics } from './metrics.ts'
