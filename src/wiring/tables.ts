import type { AccessTables } from '../access/index.ts'
import type { RecordingTables, RunTables, ViewTables } from '../analytics/index.ts'
import type { ModerationTables } from '../moderation/index.ts'
import type { PasteTables } from '../paste/index.ts'

/** Every table of the database; a room gets a handle that knows its own. */
export type Tables = PasteTables & AccessTables & ModerationTables & ViewTables & RecordingTables & RunTables
