import { createAccessGuards, createAccessKeys } from '../access/index.ts'
import type { Clock } from '../core/index.ts'
import { isAdminToken } from '../platform/index.ts'
import type { Config } from '../settings/index.ts'
import type { Backends } from './backends.ts'

/** The hooks that let only those create and read whom `CREATE` and `READ` name. */
export function openAccess({ config, backends, clock }: { config: Config; backends: Backends; clock: Clock }) {
  return createAccessGuards({
    rules: { create: config.create, read: config.read },
    keys: createAccessKeys(backends.database.db, clock),
    isAdminToken: (secret) => isAdminToken(secret, config.adminToken),
  })
}
