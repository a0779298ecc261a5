export type { EventSink } from './events/index.ts'
export { createPasteAnalytics, type PasteAnalytics } from './paste-analytics.ts'
export {
  type Live,
  type Performance,
  performanceRoutes,
  type Range,
  rangeOf,
  type Series,
} from './performance/index.ts'
export { createRecorder, type Recorder, type RecordingTables } from './recording/index.ts'
export { createRecordings, type Recordings } from './recordings.ts'
export {
  asPerformance,
  type ComparedRow,
  type Comparison,
  compareRuns,
  createRuns,
  type Run,
  type RunStep,
  type RunSummary,
  type Runs,
  type RunTables,
  runRoutes,
} from './runs/index.ts'
export { type PasteStats, type SystemStats, statsRoutes } from './stats/index.ts'
export type { ViewTables } from './views/index.ts'
