export { clientKey } from './client-key.ts'
export { createLimiter, type Limiter } from './limiter.ts'
export type { Decision } from './window.ts'
