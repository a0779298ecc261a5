import type { Readable } from '../../content/index.ts'
import { AppError, isAppError } from '../../core/index.ts'
import { tooLarge } from '../../http/index.ts'
import { generateObjectKey } from '../../shortening/index.ts'
import { upload } from '../create/index.ts'
import { contentColumns, GRACE_MS, joinKeys, livePurgeAt, type PasteRow } from '../rows/index.ts'
import { type AppendDeps, acquireLease, type Lease, PATIENCE_MS, rollBack, withoutUnused } from './lease.ts'
import { mergedParts, SMALL_PART_BYTES } from './merged-parts.ts'
import { type SplittableBody, splitBody } from './split-body.ts'
import { encodeState, isPartial, offsetOf } from './state.ts'

/** Size of a stored part: the most that a crash of the process can lose. */
const PART_BYTES = 8 * 1_048_576
/** How a body is appended. */
export type AppendOptions = {
  stop: AbortSignal
  /** The length of the whole content, for an upload that did not know it. */
  lengthBytes?: number | undefined
  /** Whether a body that fails leaves none of its bytes: they can't be checked without its end. */
  atomic: boolean
}

/**
 * Appends a body to an upload in parts, each recorded once it is durable. The last byte is never stored in a part: it
 * completes the content and the paste goes live, so an upload with all its bytes is a paste; only while the length is
 * unknown, and in partial uploads, every byte is stored. Throws the body's error after recording the bytes before it, and
 * `offset_mismatch` when another request takes over.
 */
export async function appendBody(
  deps: AppendDeps,
  row: PasteRow,
  source: AsyncIterable<Buffer>,
  { stop, lengthBytes, atomic }: AppendOptions,
): Promise<void> {
  const first = await acquireLease(deps, row, { lengthBytes, keepsKeys: atomic })
  let lease = first
  const body = splitBody(source, stop)
  try {
    const { state } = first
    const staysOpen = state.lengthBytes === null || isPartial(state)
    const mostBytes = state.lengthBytes ?? deps.limits.maxPasteBytes
    const beforeLast = staysOpen ? mostBytes : mostBytes - 1
    while (offsetOf(lease.state) < beforeLast && (await body.more()))
      lease = await storePart(deps, lease, body, beforeLast - offsetOf(lease.state))
    const isWhole = !staysOpen && offsetOf(lease.state) === mostBytes
    if (isWhole || (body.failure() === undefined && (await body.more()))) {
      if (staysOpen) throw tooLarge(deps.limits.maxPasteBytes)
      return await finish(deps, lease, body)
    }
    if (body.failure() !== undefined) throw body.failure()
  } catch (error) {
    if (atomic) await rollBack(deps, lease, first).catch(() => {})
    throw error
  } finally {
    body.close()
  }
}

/** Stores the next bytes of the body as a part, and records it in the row. */
async function storePart(deps: AppendDeps, lease: Lease, body: SplittableBody, mostBytes: number): Promise<Lease> {
  const { row, state, key } = lease
  const piece = await takeSmall(body, Math.min(SMALL_PART_BYTES, mostBytes))
  const small = mergedParts(state.parts, piece.length)
  const mergedBytes = small.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  const more = piece.length < SMALL_PART_BYTES ? 0 : Math.min(PART_BYTES - mergedBytes, mostBytes) - piece.length
  const part = await store(deps, lease, joined(deps, small, pieceThen(piece, body, more)))
  const parts = [...state.parts.slice(0, state.parts.length - small.length), part]
  const next: Lease = {
    ...lease,
    state: { ...state, parts },
    key: generateObjectKey(deps.random),
    garbage: joinKeys(lease.garbage, part.objectKey),
  }
  await deps.statements.move(row.slug, key, {
    upload: encodeState(next.state),
    object_key: next.key,
    garbage: next.garbage,
    purge_at: deps.clock.now() + PATIENCE_MS,
  })
  return lease.keepsKeys ? next : { ...next, garbage: await withoutUnused(deps, next.garbage, next.state) }
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
  const lengthBytes = state.lengthBytes ?? offsetOf(state)
  const last: Buffer[] = []
  for await (const piece of body.take(lengthBytes - offsetOf(state))) last.push(Buffer.from(piece))
  // Surplus bytes are refused. A missing end of the body is harmless: the content is complete, unless it must be checked.
  if ((await body.more()) || isAppError(body.failure(), 'payload_too_large') || (lease.keepsKeys && body.failure()))
    throw body.failure() ?? new AppError('payload_too_large')
  const content = await store(deps, lease, joined(deps, state.parts, last), lengthBytes)
  await deps.screen?.refuse(content.sha256)
  const now = deps.clock.now()
  const expiresAt = state.lifeMs === null ? row.expires_at : now + state.lifeMs
  await deps.statements.move(row.slug, key, {
    ...contentColumns(content),
    state: 'live',
    updated_at: now,
    expires_at: expiresAt,
    listed_at: row.visibility === 'public' ? now : null,
    upload: encodeState({ ...state, parts: [] }),
    garbage: lease.garbage,
    purge_at: livePurgeAt(expiresAt, lease.garbage === null ? null : now + GRACE_MS),
  })
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
