import type { Migration } from 'kysely/migration'
import { up as pastes } from './0001-pastes.ts'
import { up as pastesPurgeAt } from './0002-pastes-purge-at.ts'
import { up as pastesListedAt } from './0003-pastes-listed-at.ts'
import { up as idempotencyKeys } from './0004-idempotency-keys.ts'
import { up as idempotencyKeysPurgeAt } from './0005-idempotency-keys-purge-at.ts'
import { up as pastesUpload } from './0006-pastes-upload.ts'
import { up as recordings } from './0007-recordings.ts'
import { up as analyticsValues } from './0008-analytics-values.ts'
import { up as pasteViews } from './0008-paste-views.ts'
import { up as pasteViewsPurgeAt } from './0008-paste-views-purge-at.ts'
import { up as labRuns } from './0009-lab-runs.ts'
import { up as idempotencyKeysWriteId } from './0010-idempotency-keys-write-id.ts'
import { up as pastesWriteId } from './0010-pastes-write-id.ts'
import { up as pastesFrameSums } from './0012-pastes-frame-sums.ts'
import { up as serviceValues } from './0012-service-values.ts'
import { up as accessKeys } from './0013-access-keys.ts'
import { up as pastesRemoval } from './0013-pastes-removal.ts'
import { up as deniedContent } from './0014-denied-content.ts'

/**
 * Every migration in order, by the name that the database remembers. One DDL statement each, because MySQL can't roll
 * them back; never changed once released; what the former release needs stays until the release after.
 *
 * Each adds, so that a release works with a database that has more than it knows (`schema-state.ts`). One that removes
 * something ends in `--after-NNNN`: the number of the migration that came with the release that does without it, made
 * for this alone if need be. Releases that do not know NNNN then refuse the database, and say why.
 */
export const migrations: Record<string, Migration> = {
  '0001-pastes': { up: pastes },
  '0002-pastes-purge-at': { up: pastesPurgeAt },
  '0003-pastes-listed-at': { up: pastesListedAt },
  '0004-idempotency-keys': { up: idempotencyKeys },
  '0005-idempotency-keys-purge-at': { up: idempotencyKeysPurgeAt },
  '0006-pastes-upload': { up: pastesUpload },
  '0007-recordings': { up: recordings },
  '0008-analytics-values': { up: analyticsValues },
  '0008-paste-views': { up: pasteViews },
  '0008-paste-views-purge-at': { up: pasteViewsPurgeAt },
  '0009-lab-runs': { up: labRuns },
  '0010-idempotency-keys-write-id': { up: idempotencyKeysWriteId },
  '0010-pastes-write-id': { up: pastesWriteId },
  '0012-pastes-frame-sums': { up: pastesFrameSums },
  '0012-service-values': { up: serviceValues },
  '0013-access-keys': { up: accessKeys },
  '0013-pastes-removal': { up: pastesRemoval },
  '0014-denied-content': { up: deniedContent },
}
