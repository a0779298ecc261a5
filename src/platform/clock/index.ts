export { createEmbeddedClock } from './embedded-clock.ts'
export { createSharedClock } from './shared-clock.ts'
export { CLOCK_STATES, type WatchedClock } from './watched.ts'
