export { type AccessRules, createAccessGuards } from './guards.ts'
export { isKeyName, newKey, SCOPES, type Scope } from './key.ts'
export { createAccessKeys } from './keys.ts'
export type { AccessTables } from './tables.ts'
