export { type Clock, type ClockDoubt, isMachineClock, type MachineClock, monotonicOf, systemClock } from './clock.ts'
export {
  createFairPlaces,
  createFairQueue,
  createMemoryAccount,
  createSemaphore,
  createSingleFlight,
  every,
  type Failed,
  type FairPlaces,
  guarded,
  type Holder,
  inBackground,
  later,
  type MemoryAccount,
  type Release,
  type Semaphore,
  settledWithin,
  unlessAborted,
  withTimeout,
} from './concurrency/index.ts'
export { DamagedContent } from './damaged-content.ts'
export { DuplicateKey, OutcomeUnknown } from './database-failures.ts'
export { DURATION_UNITS } from './duration-units.ts'
export { AppError, isAppError } from './errors.ts'
export { type EventPaste, type PasteAction, type PasteEvents, SILENT_EVENTS, type Via } from './events.ts'
export { freeBuffer } from './free-buffer.ts'
export type { Logger } from './logger.ts'
export type { CacheCount, CountDamage, Dependency, DurationObserver, Observe } from './observe.ts'
export { PROBLEM_SCHEMA, PROBLEMS, type ProblemCode } from './problems.ts'
export { type RandomSource, randomBelow, systemRandom } from './random.ts'
export { type Placeholders, type Statement, statement } from './statement.ts'
