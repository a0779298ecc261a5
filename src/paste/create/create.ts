import { SMALL_BYTES } from '../../http/index.ts'
import type { Body, Paste } from '../model/index.ts'
import { contentColumns } from '../rows/index.ts'
import { createLarge } from './create-large.ts'
import { insertRow, newRow, refuseTaken } from './insert-row.ts'
import type { CreateDeps, NewPaste } from './new-paste.ts'
import { withBodyStart } from './small-body.ts'

/**
 * Makes a paste durable. A small body goes into its row by one insert. A large one reserves its slug, streams into the
 * store, then goes live by one conditional update; a taken slug is refused before its body is read. Throws as
 * `Pastes.create` does.
 */
export async function createPaste(deps: CreateDeps, asked: NewPaste, body: Body): Promise<Paste> {
  refuseIfFull(deps, body)
  const custom = asked.plan.slug
  if (custom !== undefined && !Buffer.isBuffer(body.source)) await refuseTaken(deps, asked, custom)
  return withBodyStart(deps, body, async (small) => {
    const late = small.complete && asked.replan ? await asked.replan() : undefined
    const wanted = late ? { ...asked, plan: late, replan: undefined } : asked
    const packed = small.complete ? deps.content.pack(small.complete, body) : undefined
    if (packed) await deps.screen?.refuse(packed.sha256)
    if (packed) return insertRow(deps, wanted, (slug) => ({ ...newRow(wanted, slug, body), ...contentColumns(packed) }))
    return createLarge(deps, wanted, body, small)
  })
}

/** Throws `storage_full`: before the body is read, where its length is declared. */
export function refuseIfFull({ space }: Pick<CreateDeps, 'space'>, { source, expectedBytes = 0 }: Body): void {
  space?.refuse(Buffer.isBuffer(source) || expectedBytes <= SMALL_BYTES ? 0 : expectedBytes)
}
