export { clientKey } from './client-key.ts'
export { createLimiter, type Limiter } from './limiter.ts'
export type { Decision, Limit } from './window.ts'
