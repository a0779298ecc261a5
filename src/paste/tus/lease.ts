import { generateObjectKey } from '../../shortening/index.ts'
import type { CreateDeps } from '../create/index.ts'
import { discardObjects, joinKeys, type PasteRow, type UploadStatements } from '../rows/index.ts'
import { decodeState, encodeState, type UploadState } from './state.ts'

/** Keys kept in the row before those without a part are discarded. */
const MOST_KEYS = 80
/** How long an upload is kept after its last received bytes. */
export const PATIENCE_MS = 86_400_000

/** Dependencies of an append. */
export type AppendDeps = CreateDeps & { statements: UploadStatements }

/** This request's right to change an upload's row while its `object_key` is `key`, and the row's decoded state. */
export type Lease = {
  row: PasteRow
  state: UploadState
  key: string
  garbage: string | null
  /** Whether the objects of the first state must stay, as it may come back. */
  keepsKeys: boolean
}

/** Takes the row over: an earlier request can't change it from now on. */
export async function acquireLease(
  deps: AppendDeps,
  row: PasteRow,
  { lengthBytes, keepsKeys }: { lengthBytes: number | undefined; keepsKeys: boolean },
): Promise<Lease> {
  const key = generateObjectKey(deps.random)
  const stored = decodeState(row.upload ?? Buffer.alloc(0))
  const state = lengthBytes === undefined ? stored : { ...stored, lengthBytes }
  // The earlier request may have written an object under its key, or still be writing it.
  const garbage = joinKeys(row.garbage, row.object_key)
  await deps.statements.move(row.slug, row.object_key ?? '', {
    object_key: key,
    garbage,
    purge_at: deps.clock.now() + PATIENCE_MS,
    ...(state !== stored && { upload: encodeState(state) }),
  })
  return { row, state, key, keepsKeys, garbage: await withoutUnused(deps, garbage, state) }
}

/** Makes the parts those of before again; the objects of later ones are garbage of the row already. */
export async function rollBack({ random, clock, statements }: AppendDeps, lease: Lease, first: Lease): Promise<void> {
  const key = generateObjectKey(random)
  const { garbage } = lease
  const set = { upload: encodeState(first.state), object_key: key, purge_at: clock.now() + PATIENCE_MS }
  await statements.move(lease.row.slug, lease.key, { ...set, garbage: joinKeys(garbage, lease.key) })
}

/** Discards the objects of keys without a part once there are many. Only after a takeover or a part: none is in use then. */
export async function withoutUnused(
  deps: AppendDeps,
  garbage: string | null,
  { parts }: UploadState,
): Promise<string | null> {
  const keys = garbage?.split(',') ?? []
  if (keys.length < MOST_KEYS) return garbage
  const used = new Set(parts.map(({ objectKey }) => objectKey))
  await discardObjects(
    deps,
    keys.filter((key) => !used.has(key)),
    deps.clock.now(),
  )
  return joinKeys(...used)
}
