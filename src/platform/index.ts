export { isAdminToken, requireAdmin, requireOperator } from './admin.ts'
export { CLOCK_STATES, createEmbeddedClock, createSharedClock, type WatchedClock } from './clock/index.ts'
export {
  createMysql,
  createScratchKeys,
  createSqlite,
  type Database,
  lockDataFolder,
  migrate,
  REQUEST_LIMITS,
  schemaPart,
} from './database/index.ts'
export { createRegistration, type Registration } from './discovery/index.ts'
export { createDiskSpace, type DiskSpace, storageFull } from './disk-space.ts'
export { createPartLog, createReadiness, type Part, type Readiness, watchParts } from './health/index.ts'
export {
  allowCrossOrigin,
  createHttpServer,
  descriptorLimit,
  type HttpServer,
  mostConnections,
  type Problem,
  stopListening,
  timeRequests,
} from './http/index.ts'
export { clientKey, createRateGuards } from './limiter/index.ts'
export { createLogOutput, type LogOutput, surviveBrokenStreams } from './log-output.ts'
export { createLogger } from './logger.ts'
export { createMetrics, dependencyMetrics, type Metrics } from './metrics/index.ts'
export { type DatabaseObserver, observedRedis, observeWith, type RedisObserver } from './observed/index.ts'
export { openApiRoutes } from './openapi.ts'
export { createRedis, type Redis, type RedisTarget } from './redis/index.ts'
export { serviceRoutes } from './service-routes.ts'
export { lowerPoolPriority } from './thread-priority.ts'
export { openTracing, type Tracing } from './tracing/index.ts'
