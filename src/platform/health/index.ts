export { createPartLog } from './part-log.ts'
export { createReadiness, type Part, type Readiness, type ReadinessReport } from './readiness.ts'
export { watchParts } from './watch-parts.ts'
