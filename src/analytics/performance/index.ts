export { createLive, type Live as LiveFigures } from './live.ts'
export { createPerformanceReports, type PerformanceReports } from './performance.ts'
export { performanceRoutes, rangeOf } from './routes.ts'
export type { Live, Performance, Range, Series } from './schema.ts'
