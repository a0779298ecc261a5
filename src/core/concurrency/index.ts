export { createSemaphore, type Semaphore } from './semaphore.ts'
export { createSingleFlight } from './single-flight.ts'
export { unlessAborted } from './unless-aborted.ts'
export { settledWithin, withTimeout } from './with-timeout.ts'
