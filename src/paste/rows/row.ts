import type { StoredContent } from '../../content/index.ts'
import type { Paste } from '../model/index.ts'
import type { PasteRow } from './tables.ts'

const NO_FRAMES = Buffer.alloc(0)

/** The columns of stored content. */
export type ContentColumns = Pick<
  PasteRow,
  | 'encoding'
  | 'size_bytes'
  | 'stored_bytes'
  | 'sha256'
  | 'line_count'
  | 'utf8'
  | 'media_type'
  | 'frames'
  | 'frame_sums'
  | 'body'
  | 'object_key'
>

/** Stored content as columns. */
export function contentColumns(content: StoredContent): ContentColumns {
  return {
    encoding: content.encoding,
    size_bytes: content.sizeBytes,
    stored_bytes: content.storedBytes,
    sha256: content.sha256,
    line_count: content.lines,
    utf8: content.utf8 ? 1 : 0,
    media_type: content.mediaType,
    frames: content.frames,
    frame_sums: content.frameSums,
    body: content.body,
    object_key: content.objectKey,
  }
}

/** The columns of a row without content. */
export const NO_CONTENT: ContentColumns = {
  encoding: 'identity',
  size_bytes: 0,
  stored_bytes: 0,
  sha256: '',
  line_count: 0,
  utf8: 1,
  media_type: 'text/plain',
  frames: NO_FRAMES,
  frame_sums: null,
  body: null,
  object_key: null,
}

/** The paste that a live row describes. Buffers are shared, not copied. */
export function toPaste(row: PasteRow): Paste {
  return {
    slug: row.slug,
    kind: row.kind,
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    expiresAt: row.expires_at,
    visibility: row.visibility,
    title: row.title,
    language: row.language,
    fileName: row.file_name,
    maxViews: row.max_views,
    views: row.views,
    editTokenHash: row.edit_token_hash,
    content: {
      encoding: row.encoding,
      sizeBytes: row.size_bytes,
      storedBytes: row.stored_bytes,
      sha256: row.sha256,
      lines: row.line_count,
      utf8: row.utf8 === 1,
      mediaType: row.media_type,
      frames: asBuffer(row.frames),
      frameSums: row.frame_sums === null ? null : asBuffer(row.frame_sums),
      body: row.body === null ? null : asBuffer(row.body),
      objectKey: row.object_key,
    },
  }
}

// node:sqlite gives plain Uint8Arrays; a Buffer over the same memory costs nothing.
function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
