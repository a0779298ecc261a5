export { analyticsRoutes, openAnalytics, type PasteAnalytics } from './analytics.ts'
export {
  type Backends,
  openBackends,
  openDatabase,
  pageLimitsOf,
  partsOf,
  prepareStoreUntilReady,
  ratesOf,
  sharedFrames,
} from './backends.ts'
export { openDashboards } from './dashboards.ts'
export { openRecording } from './recording.ts'
export { registerServiceMetrics } from './service-metrics.ts'
export { openTraces } from './tracing.ts'
