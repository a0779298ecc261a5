import { isAppError } from '../../core/index.ts'
import { digest } from '../create/index.ts'
import type { Body, Paste } from '../model/index.ts'
import { isLive, type PasteRow, toPaste } from '../rows/index.ts'
import { changedMeanwhile, type EditDeps, preconditionFailed } from './edit.ts'

/**
 * The paste whose condition failed, if it has the body's content and file name already: then the change was made,
 * probably by an earlier try of the same request (RFC 9110 section 13.1.1 allows success). Throws `precondition_failed`
 * otherwise, before the body is read where its length or its digest shows it, and the body's errors.
 */
export async function alreadyStored(row: PasteRow, body: Body): Promise<Paste> {
  const { expectedBytes = row.size_bytes, expectedSha256 = row.sha256, fileName = row.file_name } = body
  const mayBe = expectedBytes === row.size_bytes && expectedSha256 === row.sha256 && fileName === row.file_name
  if (!mayBe || (await digestWithin(body, row.size_bytes)) !== row.sha256) throw preconditionFailed()
  return toPaste(row)
}

/** The same for a change that another one beat. `sha256` and `fileName` are those that it would have stored. */
export async function storedByAnother(
  deps: EditDeps,
  slug: string,
  change: { sha256: string; fileName: string | null },
): Promise<Paste> {
  const found = await deps.repository.find(slug)
  if (found === undefined || !isLive(found, deps.clock.now())) throw changedMeanwhile()
  if (found.sha256 !== change.sha256 || found.file_name !== change.fileName) throw changedMeanwhile()
  return toPaste(found)
}

/** The digest of a body; undefined for a longer one. */
async function digestWithin(body: Body, bytes: number): Promise<string | undefined> {
  try {
    return await digest(body, bytes)
  } catch (error) {
    if (isAppError(error, 'payload_too_large')) return undefined
    throw error
  }
}
