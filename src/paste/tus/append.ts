import type { Readable } from '../../content/index.ts'
import { AppError, isAppError } from '../../core/index.ts'
import { generateObjectKey } from '../../shortening/index.ts'
import type { CreateDeps } from '../create/index.ts'
import { upload } from '../create/index.ts'
import type { MoveUpload, PasteRow } from '../rows/index.ts'
import { contentColumns, discardObjects, GRACE_MS, joinKeys, livePurgeAt } from '../rows/index.ts'
import { type CutBody, cutBody } from './split-body.ts'
import { decodeState, encodeState, offsetOf, type UploadState } from './state.ts'

/** What is stored at once, and so what a process that dies can lose. */
const PART_BYTES = 8 * 1_048_576
/** A last part below this is taken up into the next: an upload in many small pieces has few parts all the same. */
const SMALL_PART_BYTES = 1_048_576
/** So many keys are kept in the row before those that no part has are seen to. */
const MOST_KEYS = 80
/** After the last bytes that came, how long the upload waits for more. */
export const PATIENCE_MS = 86_400_000

/** What going on with an upload depends on. */
export type AppendDeps = CreateDeps & { rows: MoveUpload }

/** An upload's row and, read out of it, its state; `key` is the one by which this request may change it. */
type Hold = { row: PasteRow; state: UploadState; key: string; garbage: string | null }

/**
 * Stores what comes of a body that continues an upload's row, part by part, each recorded as soon as it is durable. The
 * last byte is never kept in a part: when it comes, the whole is made and the paste goes live. So an upload that says
 * it has all its bytes is a paste. Throws what the body failed with, after what came of it was recorded, and
 * `offset_mismatch` when another request takes over.
 */
export async function appendBody(
  deps: AppendDeps,
  row: PasteRow,
  source: AsyncIterable<Buffer>,
  stop: AbortSignal,
): Promise<void> {
  let hold = await takeHold(deps, row)
  const body = cutBody(source, stop)
  try {
    const beforeLast = hold.state.lengthBytes - 1
    while (offsetOf(hold.state) < beforeLast && (await body.more())) hold = await storePart(deps, hold, body)
    if (body.failure() === undefined && (await body.more())) return await finish(deps, hold, body)
    if (body.failure() !== undefined) throw body.failure()
  } finally {
    body.close()
  }
}

/** Makes the row ours: from now on a request that was at it before can't change it any more. */
async function takeHold(deps: AppendDeps, row: PasteRow): Promise<Hold> {
  const key = generateObjectKey(deps.random)
  const state = decodeState(row.upload ?? Buffer.alloc(0))
  // Who was at it before may have written, or be writing, under the key that it had.
  const garbage = joinKeys(row.garbage, row.object_key)
  await deps.rows.move(
    row.slug,
    row.object_key ?? '',
    { object_key: key, garbage, purge_at: deps.clock.now() + PATIENCE_MS },
    (found) => found.object_key === key,
  )
  return { row, state, key, garbage: await withoutStale(deps, garbage, state) }
}

/** The keys without those that no part has, whose objects are removed: now that nobody can make parts of them. */
async function withoutStale(deps: AppendDeps, garbage: string | null, { parts }: UploadState): Promise<string | null> {
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

/** Stores the next bytes of the body, at least one, and records them. */
async function storePart(deps: AppendDeps, hold: Hold, body: CutBody): Promise<Hold> {
  const { row, state, key } = hold
  const last = state.parts.at(-1)
  const small = last !== undefined && last.sizeBytes < SMALL_PART_BYTES ? last : undefined
  const room = Math.min(PART_BYTES - (small?.sizeBytes ?? 0), state.lengthBytes - 1 - offsetOf(state))
  const part = await store(deps, hold, joined(deps, small ? [small] : [], body.take(room)))
  const parts = [...(small ? state.parts.slice(0, -1) : state.parts), part]
  const next: Hold = {
    row,
    state: { ...state, parts },
    key: generateObjectKey(deps.random),
    garbage: joinKeys(hold.garbage, part.objectKey),
  }
  await deps.rows.move(
    row.slug,
    key,
    {
      upload: encodeState(next.state),
      object_key: next.key,
      garbage: next.garbage,
      purge_at: deps.clock.now() + PATIENCE_MS,
    },
    (found) => found.object_key === next.key,
  )
  return { ...next, garbage: await withoutStale(deps, next.garbage, next.state) }
}

/** Makes the whole content of the parts and the last byte, and the paste live. */
async function finish(deps: AppendDeps, hold: Hold, body: CutBody): Promise<void> {
  const { row, state, key } = hold
  const last: Buffer[] = []
  for await (const piece of body.take(1)) last.push(Buffer.from(piece))
  // The body must end here. That its end did not come is no loss; that more came is refused.
  if ((await body.more()) || isAppError(body.failure(), 'payload_too_large'))
    throw body.failure() ?? new AppError('payload_too_large')
  const content = await store(deps, hold, joined(deps, state.parts, last), state.lengthBytes)
  const now = deps.clock.now()
  const expiresAt = state.lifeMs === null ? row.expires_at : now + state.lifeMs
  await deps.rows.move(
    row.slug,
    key,
    {
      ...contentColumns(content),
      state: 'live',
      updated_at: now,
      expires_at: expiresAt,
      listed_at: row.visibility === 'public' ? now : null,
      upload: encodeState({ ...state, parts: [] }),
      garbage: hold.garbage,
      purge_at: livePurgeAt(expiresAt, hold.garbage === null ? null : now + GRACE_MS),
    },
    (found) => found.state === 'live' && found.updated_at === now,
  )
}

function store(deps: AppendDeps, { row, state, key }: Hold, source: AsyncIterator<Buffer>, expectedBytes?: number) {
  const body = {
    source: Buffer.alloc(0),
    mediaType: state.mediaType,
    fileName: row.file_name ?? undefined,
    expectedBytes,
  }
  return upload(deps, body, { head: [], rest: source }, key, () =>
    deps.rows.renew(row.slug, key, deps.clock.now() + PATIENCE_MS),
  )
}

async function* joined(
  { content }: AppendDeps,
  parts: readonly Readable[],
  more: AsyncIterable<Buffer> | Iterable<Buffer>,
): AsyncGenerator<Buffer> {
  for (const part of parts) yield* content.readOnce(part)
  yield* more
}
