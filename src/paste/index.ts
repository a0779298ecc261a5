export { type AuditOptions, auditPastes } from './audit.ts'
export type { AuditReport, Finding } from './audit-keys.ts'
export { type BackupTarget, backUpPastes } from './backup.ts'
export { countPastes } from './census.ts'
export { createRoutes } from './create-routes.ts'
export { createGate } from './gate.ts'
export { type Form, type FormRules, readForm } from './multipart.ts'
export { ownerRequest } from './owner-request.ts'
export type {
  Body,
  Claimed,
  CreatedPaste,
  Paste,
  PasteChange,
  PasteOptions,
  Pastes,
  Preconditions,
  Visibility,
} from './paste.ts'
export { rawBody, sourceOf } from './request-body.ts'
export { idempotencyKey, OPTION_FIELDS, optionsOfFields, optionsOfQuery } from './request-options.ts'
export { restorePastes } from './restore.ts'
export type { PasteRouteDeps } from './route-deps.ts'
export { pasteRoutes } from './routes.ts'
export { sendClaimed } from './send-claimed.ts'
export { createServeContent, needsClaim, type ServeContent, type Serving } from './serve.ts'
export { createPastes } from './service.ts'
export { createSharedRows } from './shared-rows.ts'
export type { PasteTables } from './tables.ts'
export { made, viewed } from './viewed.ts'
