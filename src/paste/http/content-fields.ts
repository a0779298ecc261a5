/**
 * The names under which a form may hold its content, as a file or as text: this service's `file` and `content`, and those
 * of other pastebins' clients (sprunge, ix.io, 0x0, pb, pastebin-worker, the front of fiche).
 */
export const CONTENT_FIELDS: ReadonlySet<string> = new Set([
  'file',
  'content',
  'f',
  'f:1',
  'c',
  'code',
  'data',
  'paste',
  'raw',
  'sprunge',
  'text',
  'upload',
])

/** The names for content that is to be read once: rustypaste's. */
export const ONCE_FIELDS: ReadonlySet<string> = new Set(['oneshot'])
