export { type ExpiryLimits, type ExpiryRequest, isOver, resolveExpiry } from './policy.ts'
export { createSweeper, type Sweeper } from './schedule.ts'
export type { Backlog, Sweepable, SweepResult } from './sweeper.ts'
export { expiryOfWords } from './words.ts'
