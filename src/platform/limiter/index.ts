export { clientKey } from './client-key.ts'
export { createLimiter, type Limiter } from './limiter.ts'
export { createUploadMeter, type UploadMeter } from './upload-meter.ts'
export type { Decision, Limit } from './window.ts'
