export { abandonUpload } from './abandon-upload.ts'
export { affected } from './affected-rows.ts'
export { type ClaimStatements, claimStatements } from './claim-statements.ts'
export { REREAD_MS, TIDY_MS } from './deadlines.ts'
export { discardFailedWrite, discardObjects } from './discard-objects.ts'
export { beforeBurn, type DueRow } from './end-statements.ts'
export {
  checkClock,
  GARBAGE_BYTES,
  GRACE_MS,
  isBeyondTombstones,
  isLive,
  joinKeys,
  LEASE_MS,
  liveOrThrow,
  livePurgeAt,
  nextStep,
  notFound,
  TOMBSTONE_MS,
  wasPaste,
} from './life.ts'
export { BLANK_ROW, createPasteRepository, type PasteRepository } from './repository.ts'
export { contentColumns, NO_CONTENT, toPaste } from './row.ts'
export { bears, isOutcomeUnknown, newMark, settleWrite } from './settle-write.ts'
export type { IdempotencyRow, PasteRow, PasteTables } from './tables.ts'
export { type UploadStatements, uploadStatements, uploadTakenOver } from './upload-statements.ts'
