import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Readable } from '../../content/index.ts'
import { SLUG_CHARACTER } from '../../shortening/index.ts'
import { hashToken } from '../create/index.ts'

/** What a row knows of an upload that comes in parts, from its beginning on and also when it is over. */
export type UploadState = {
  /** SHA-256 of the secret in the upload's address, lower-case hex. */
  secretHash: string
  /** Bytes of the whole content. */
  lengthBytes: number
  /** What the client says it is, never believed. */
  mediaType: string | undefined
  /** How long the paste lives from when it is whole; null where its end is a fixed time, or never. */
  lifeMs: number | null
  /** What came, in order; empty again when the upload is over. All but the last have 1 MiB or more. */
  parts: readonly Readable[]
}

const SECRET_LETTERS = 32
const ID = new RegExp(`^(${SLUG_CHARACTER}{3,64})\\.([A-Za-z0-9_-]{${SECRET_LETTERS}})$`)

/**
 * What lets its holder go on with an upload and no more: 192 bits that follow from the edit token, so that a repeated
 * create finds them again, while the token does not follow from them.
 */
export function uploadSecret(editToken: string): string {
  return createHmac('sha256', editToken).update('upload').digest('base64url').slice(0, SECRET_LETTERS)
}

/** The name of an upload in its address. */
export function uploadId(slug: string, secret: string): string {
  return `${slug}.${secret}`
}

/** The slug and the secret's hash in the name of an upload; undefined for what is none. */
export function parseUploadId(id: string): { slug: string; secretHash: string } | undefined {
  const [, slug, secret] = ID.exec(id) ?? []
  return slug && secret ? { slug, secretHash: hashToken(secret) } : undefined
}

/** Whether two hashes are equal, in time that doesn't depend on where they differ. */
export function sameHash(one: string, other: string): boolean {
  return one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other))
}

/** How many bytes of the content are there. */
export function offsetOf({ parts }: Pick<UploadState, 'parts'>): number {
  return parts.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
}

/** The state as the bytes of its column: JSON (RFC 8259), binary fields in base64. */
export function encodeState(state: UploadState): Buffer {
  const parts = state.parts.map(({ encoding, sizeBytes, storedBytes, lines, frames, body, objectKey }) => ({
    encoding,
    sizeBytes,
    storedBytes,
    lines,
    frames: frames.toString('base64'),
    body: body?.toString('base64') ?? null,
    objectKey,
  }))
  return Buffer.from(JSON.stringify({ ...state, parts }))
}

type StoredPart = Omit<Readable, 'frames' | 'body'> & { frames: string; body: string | null }

/** The state that {@link encodeState} made these bytes of. */
export function decodeState(bytes: Uint8Array): UploadState {
  const state = JSON.parse(Buffer.from(bytes).toString()) as Omit<UploadState, 'parts'> & { parts: StoredPart[] }
  const parts = state.parts.map((part) => ({
    ...part,
    frames: Buffer.from(part.frames, 'base64'),
    body: part.body === null ? null : Buffer.from(part.body, 'base64'),
  }))
  return { ...state, mediaType: state.mediaType, parts }
}
