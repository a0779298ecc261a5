export { clientKey } from './client-key.ts'
export { createLimiter, type Limiter } from './limiter.ts'
export { createUploadMeter } from './upload-meter.ts'
export type { Decision, Limit } from './window.ts'
