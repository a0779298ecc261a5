import type { Readable } from '../../content/index.ts'
import { AppError, isAppError } from '../../core/index.ts'
import { generateObjectKey } from '../../shortening/index.ts'
import { type CreateDeps, upload } from '../create/index.ts'
import {
  contentColumns,
  discardObjects,
  GRACE_MS,
  joinKeys,
  livePurgeAt,
  type PasteRow,
  type UploadStatements,
} from '../rows/index.ts'
import { mergedParts, SMALL_PART_BYTES } from './merged-parts.ts'
import { type SplittableBody, splitBody } from './split-body.ts'
import { decodeState, encodeState, offsetOf, type UploadState } from './state.ts'

/** Size of a stored part: the most that a crash of the process can lose. */
const PART_BYTES = 8 * 1_048_576
/** Keys kept in the row before those without a part are discarded. */
const MOST_KEYS = 80
/** How long an upload is kept after its last received bytes. */
export const PATIENCE_MS = 86_400_000

/** Dependencies of an append. */
export type AppendDeps = CreateDeps & { statements: UploadStatements }

/** This request's right to change an upload's row while its `object_key` is `key`, and the row's decoded state. */
type Lease = { row: PasteRow; state: UploadState; key: string; garbage: string | null }

/**
 * Appends a body to an upload in parts, each recorded once it is durable. The last byte is never stored in a part: it
 * completes the content and the paste goes live, so an upload with all its bytes is a paste. Throws the body's error
 * after recording the bytes before it, and `offset_mismatch` when another request takes over.
 */
export async function appendBody(
  deps: AppendDeps,
  row: PasteRow,
  source: AsyncIterable<Buffer>,
  stop: AbortSignal,
): Promise<void> {
  let lease = await acquireLease(deps, row)
  const body = splitBody(source, stop)
  try {
    const beforeLast = lease.state.lengthBytes - 1
    while (offsetOf(lease.state) < beforeLast && (await body.more())) lease = await storePart(deps, lease, body)
    if (body.failure() === undefined && (await body.more())) return await finish(deps, lease, body)
    if (body.failure() !== undefined) throw body.failure()
  } finally {
    body.close()
  }
}

/** Takes the row over: an earlier request can't change it from now on. */
async function acquireLease(deps: AppendDeps, row: PasteRow): Promise<Lease> {
  const key = generateObjectKey(deps.random)
  const state = decodeState(row.upload ?? Buffer.alloc(0))
  // The earlier request may have written an object under its key, or still be writing it.
  const garbage = joinKeys(row.garbage, row.object_key)
  await deps.statements.move(
    row.slug,
    row.object_key ?? '',
    { object_key: key, garbage, purge_at: deps.clock.now() + PATIENCE_MS },
    (found) => found.object_key === key,
  )
  return { row, state, key, garbage: await withoutUnused(deps, garbage, state) }
}

/** Discards the objects of keys without a part once there are many. Only after a takeover or a part: none is in use then. */
async function withoutUnused(deps: AppendDeps, garbage: string | null, { parts }: UploadState): Promise<string | null> {
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

/** Stores the next bytes of the body as a part, and records it in the row. */
async function storePart(deps: AppendDeps, lease: Lease, body: SplittableBody): Promise<Lease> {
  const { row, state, key } = lease
  const rest = state.lengthBytes - 1 - offsetOf(state)
  const piece = await takeSmall(body, Math.min(SMALL_PART_BYTES, rest))
  const small = mergedParts(state.parts, piece.length)
  const mergedBytes = small.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  const more = piece.length < SMALL_PART_BYTES ? 0 : Math.min(PART_BYTES - mergedBytes, rest) - piece.length
  const part = await store(deps, lease, joined(deps, small, pieceThen(piece, body, more)))
  const parts = [...state.parts.slice(0, state.parts.length - small.length), part]
  const next: Lease = {
    row,
    state: { ...state, parts },
    key: generateObjectKey(deps.random),
    garbage: joinKeys(lease.garbage, part.objectKey),
  }
  await deps.statements.move(
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
  return { ...next, garbage: await withoutUnused(deps, next.garbage, next.state) }
}

/** The bytes that come at once, up to `mostBytes`, in memory: how many they are decides what they are merged with. */
async function takeSmall(body: SplittableBody, mostBytes: number): Promise<Buffer> {
  const pieces: Buffer[] = []
  // A piece's memory is reused once the next one is requested.
  for await (const piece of body.take(mostBytes)) pieces.push(Buffer.from(piece))
  return Buffer.concat(pieces)
}

async function* pieceThen(piece: Buffer, body: SplittableBody, moreBytes: number): AsyncGenerator<Buffer> {
  yield piece
  if (moreBytes > 0) yield* body.take(moreBytes)
}

/** Stores the whole content out of the parts and the last byte, and makes the paste live. */
async function finish(deps: AppendDeps, lease: Lease, body: SplittableBody): Promise<void> {
  const { row, state, key } = lease
  const last: Buffer[] = []
  for await (const piece of body.take(1)) last.push(Buffer.from(piece))
  // Surplus bytes are refused. A missing end of the body is harmless: the content is complete.
  if ((await body.more()) || isAppError(body.failure(), 'payload_too_large'))
    throw body.failure() ?? new AppError('payload_too_large')
  const content = await store(deps, lease, joined(deps, state.parts, last), state.lengthBytes)
  const now = deps.clock.now()
  const expiresAt = state.lifeMs === null ? row.expires_at : now + state.lifeMs
  await deps.statements.move(
    row.slug,
    key,
    {
      ...contentColumns(content),
      state: 'live',
      updated_at: now,
      expires_at: expiresAt,
      listed_at: row.visibility === 'public' ? now : null,
      upload: encodeState({ ...state, parts: [] }),
      garbage: lease.garbage,
      purge_at: livePurgeAt(expiresAt, lease.garbage === null ? null : now + GRACE_MS),
    },
    (found) => found.state === 'live' && found.updated_at === now,
  )
}

function store(deps: AppendDeps, { row, state, key }: Lease, source: AsyncIterator<Buffer>, expectedBytes?: number) {
  const body = {
    source: Buffer.alloc(0),
    mediaType: state.mediaType,
    fileName: row.file_name ?? undefined,
    expectedBytes,
  }
  return upload(deps, body, { chunks: [], rest: source }, key, () =>
    deps.statements.renew(row.slug, key, deps.clock.now() + PATIENCE_MS),
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
