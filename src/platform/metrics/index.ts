export { formatFor } from './exposition.ts'
export { createMetrics, type Metrics } from './metrics.ts'
export { partFigures } from './parts.ts'
