export { expiryOfWords } from '../expiry/index.ts'
export { CUSTOM_SLUG_PATTERN, SLUG_CHARACTER } from '../shortening/index.ts'
export { createUploadSlots, type Screen, type Space } from './create/index.ts'
export {
  type CreateRules,
  createRoutes,
  creatorOf,
  type FormCreated,
  fieldPlace,
  linkOptions,
  type OtherJson,
  ownerRequest,
  type PasteRouteDeps,
  rawBody,
  readForm,
  requestOptions,
  sourceOf,
} from './http/index.ts'
export {
  type AuditOptions,
  type AuditReport,
  auditPastes,
  type BackupTarget,
  backUpPastes,
  copyObjects,
  countPastes,
  countStoredBytes,
  type Finding,
  giveIdentity,
  type RestoreReport,
  restorePastes,
  verifyPastes,
} from './maintenance/index.ts'
export type {
  Body,
  Claimed,
  CreatedPaste,
  Paste,
  PasteChange,
  PasteFacts,
  PasteOptions,
  Pastes,
  Preconditions,
  RemovalReason,
  Visibility,
} from './model/index.ts'
export { REMOVAL_REASONS } from './model/index.ts'
export { createSharedRows } from './read/index.ts'
export { pasteRoutes } from './routes.ts'
export { isBeyondTombstones, type PasteTables } from './rows/index.ts'
export {
  createServeContent,
  needsClaim,
  recordCreate,
  recordView,
  type ServeContent,
  type Serving,
  sendClaimed,
} from './serve/index.ts'
export { createPastes } from './service.ts'
