import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Readable } from '../../content/index.ts'
import { SLUG_CHARACTER } from '../../shortening/index.ts'
import { hashToken } from '../create/index.ts'

/** The state of a resumable upload, stored in its row; kept after completion too. */
export type UploadState = {
  /** SHA-256 of the secret in the upload's address, lower-case hex. */
  secretHash: string
  /** Bytes of the whole content; null: not known yet. */
  lengthBytes: number | null
  /** Upload-Metadata as it was sent. */
  metadata?: string | undefined
  /** Upload-Concat as it was sent: `partial`, or `final` and its parts. A partial upload never becomes a paste. */
  concat?: string | undefined
  /** The media type that the client claims. */
  mediaType: string | undefined
  /** Lifetime from completion on; null: the row's `expires_at` holds, or never. */
  lifeMs: number | null
  /** The stored parts in order; empty after completion. Those below 1 MiB are few, each larger than the next. */
  parts: readonly Readable[]
}

const SECRET_LETTERS = 32
const ID = new RegExp(`^(${SLUG_CHARACTER}{3,64})\\.([A-Za-z0-9_-]{${SECRET_LETTERS}})$`)

/**
 * The right to continue an upload: 192 bits derived from the edit token, so that a repeated create finds them again. The
 * token can't be derived from them.
 */
export function uploadSecret(editToken: string): string {
  return createHmac('sha256', editToken).update('upload').digest('base64url').slice(0, SECRET_LETTERS)
}

/** The id of an upload in its address. */
export function uploadId(slug: string, secret: string): string {
  return `${slug}.${secret}`
}

/** The slug and the secret's hash in an upload's id; undefined for a malformed id. */
export function parseUploadId(id: string): { slug: string; secretHash: string } | undefined {
  const [, slug, secret] = ID.exec(id) ?? []
  return slug && secret ? { slug, secretHash: hashToken(secret) } : undefined
}

/** Compares two hashes in constant time. */
export function sameHash(one: string, other: string): boolean {
  return one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other))
}

/** Whether an upload is a part of one that is concatenated later. */
export function isPartial({ concat }: Pick<UploadState, 'concat'>): boolean {
  return concat === 'partial'
}

/** The number of stored bytes of the content. */
export function offsetOf({ parts }: Pick<UploadState, 'parts'>): number {
  return parts.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
}

/** The state as the bytes of its column: JSON (RFC 8259), binary fields in base64. */
export function encodeState(state: UploadState): Buffer {
  const parts = state.parts.map(({ encoding, sizeBytes, storedBytes, lines, frames, frameSums, body, objectKey }) => ({
    encoding,
    sizeBytes,
    storedBytes,
    lines,
    frames: frames.toString('base64'),
    frameSums: frameSums?.toString('base64') ?? null,
    body: body?.toString('base64') ?? null,
    objectKey,
  }))
  return Buffer.from(JSON.stringify({ ...state, parts }))
}

/** A part of the former release has no `frameSums`. */
type StoredPart = Omit<Readable, 'frames' | 'frameSums' | 'body'> & {
  frames: string
  frameSums?: string | null
  body: string | null
}

/** The inverse of {@link encodeState}. */
export function decodeState(bytes: Uint8Array): UploadState {
  const state = JSON.parse(Buffer.from(bytes).toString()) as Omit<UploadState, 'parts'> & { parts: StoredPart[] }
  const parts = state.parts.map((part) => ({
    ...part,
    frames: Buffer.from(part.frames, 'base64'),
    frameSums: part.frameSums ? Buffer.from(part.frameSums, 'base64') : null,
    body: part.body === null ? null : Buffer.from(part.body, 'base64'),
  }))
  return { ...state, mediaType: state.mediaType, parts }
}
