import type { PasteFacts } from '../model/index.ts'
import { isLive, notFound, wasPaste } from '../rows/index.ts'
import type { EditDeps } from './edit.ts'

/** The facts of a row, from the database: see `Pastes.inspect`. */
export async function inspect({ repository, clock }: EditDeps, slug: string): Promise<PasteFacts> {
  const row = await repository.find(slug)
  if (row === undefined || !wasPaste(row)) throw notFound()
  const ended = row.removal === null ? (row.end_reason ?? 'expired') : 'removed'
  return {
    slug: row.slug,
    kind: row.kind,
    state: isLive(row, clock.now()) ? 'live' : ended,
    reason: row.removal,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    expiresAt: row.expires_at,
    endedAt: row.ended_at,
    visibility: row.visibility,
    title: row.title,
    fileName: row.file_name,
    maxViews: row.max_views,
    views: row.views,
    sizeBytes: row.size_bytes,
    storedBytes: row.stored_bytes,
    sha256: row.sha256,
    mediaType: row.media_type,
  }
}
