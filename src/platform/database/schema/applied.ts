import { type Kysely, sql } from 'kysely'
import { isAppError } from '../../../core/index.ts'
import { classifyVitessError } from '../classify-vitess.ts'

/**
 * The names of the migrations that a database remembers; none where it, or their table, does not exist. Throws what the
 * statement throws; where a shard of Vitess refuses to answer, the server's own error, because it is no
 * evidence about the schema, and the other shards work.
 */
export async function appliedMigrations<Tables>(db: Kysely<Tables>): Promise<string[]> {
  try {
    const { rows } = await sql<{ name: string }>`select name from kysely_migration`.execute(db)
    return rows.map(({ name }) => name)
  } catch (error) {
    if (isAppError(error, 'schema_mismatch') || isMissingDatabase(error)) return []
    throw isRefusedByShard(error) ? error.cause : error
  }
}

function isRefusedByShard(error: unknown): error is { cause: unknown } {
  if (!isAppError(error, 'database_unavailable')) return false
  const { errno, message = '' } = (error.cause ?? {}) as { errno?: unknown; message?: string }
  return classifyVitessError(errno, message) === 'refused'
}

/** Whether a statement failed because the server has no database of this name. */
export function isMissingDatabase(error: unknown): boolean {
  const ER_BAD_DB_ERROR = 1049
  return (
    isAppError(error, 'database_unavailable') &&
    (error.cause as { errno?: unknown } | undefined)?.errno === ER_BAD_DB_ERROR
  )
}
