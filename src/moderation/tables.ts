import type { RemovalReason } from '../paste/index.ts'

/** A row of `denied_content`: content that is not taken again. `created_at` is epoch ms. */
export type DeniedRow = { sha256: string; reason: RemovalReason; created_at: number }

/** The tables of this room, for Kysely. */
export type ModerationTables = { denied_content: DeniedRow; service_values: { name: string; value: string } }
