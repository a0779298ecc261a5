export { createDenied, type Denied } from './denied.ts'
export { moderationRoutes } from './routes.ts'
export type { ModerationTables } from './tables.ts'
