export { analyticsRoutes, openAnalytics, type PasteAnalytics } from './analytics.ts'
export {
  type Backends,
  frameLevel,
  openBackends,
  openDatabase,
  pageLimitsOf,
  partsOf,
  prepareStore,
  ratesOf,
} from './backends.ts'
export { openFigures } from './dashboards.ts'
export { openRecording } from './recording.ts'
export { addFigures } from './service-metrics.ts'
export { traceWith } from './tracing.ts'
