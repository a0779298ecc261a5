import type { StoredContent } from '../../content/index.ts'
import type { Intake } from '../../http/index.ts'

/** `public` pastes are listed; `private` ones have a slug of 128 bits and are stored by no cache. */
export type Visibility = 'public' | 'unlisted' | 'private'

/** Why an operator removed a paste, as its readers hear it. */
export const REMOVAL_REASONS = ['abuse', 'copyright', 'illegal', 'malware', 'personal', 'spam', 'other'] as const

/** One of {@link REMOVAL_REASONS}. */
export type RemovalReason = (typeof REMOVAL_REASONS)[number]

/** A live paste, or a live short link (`kind: 'link'`, its content is the target URL). A snapshot: never changed. */
export type Paste = {
  slug: string
  kind: 'paste' | 'link'
  /** Grows by one with every edit. */
  version: number
  createdAt: number
  updatedAt: number
  /** Epoch ms; null: never. */
  expiresAt: number | null
  visibility: Visibility
  title: string | null
  /** A highlight.js language name or alias, such as `python`; null: unknown. */
  language: string | null
  /** The sanitised name of the uploaded file, for downloads. */
  fileName: string | null
  /** How often it may be read; null: no limit. Only claims count as readings, never GETs. */
  maxViews: number | null
  /** Readings so far; counted only where there is a limit. */
  views: number
  /** Lower-case hex SHA-256 of the edit token. */
  editTokenHash: string
  content: StoredContent
}

/** Options of a new paste; the same names in JSON, multipart fields and query strings. */
export type PasteOptions = {
  slug?: string | undefined
  title?: string | undefined
  language?: string | undefined
  expiresIn?: number | string | undefined
  expiresAt?: string | undefined
  visibility?: Visibility | undefined
  /** The same as `maxViews: 1`. */
  burnAfterReading?: boolean | undefined
  maxViews?: number | undefined
}

/** The names of {@link PasteOptions}; the schema has exactly these. */
export const OPTION_NAMES = [
  'slug',
  'title',
  'language',
  'expiresIn',
  'expiresAt',
  'visibility',
  'burnAfterReading',
  'maxViews',
] as const satisfies (keyof PasteOptions)[]

/** A request's content: whole in memory, or a stream of which at most a few MiB are in memory at once. */
export type Body = {
  /** Claimed by the client; a hint for the stored media type and the download's name. */
  mediaType?: string | undefined
  fileName?: string | undefined
  /** Serve it as the claimed media type, where no browser could run that. */
  keepMediaType?: boolean | undefined
  /** Content-Length, if sent; any other number of bytes is refused. */
  expectedBytes?: number | undefined
  /** Lower-case hex from Content-Digest (RFC 9530); any other digest is refused. */
  expectedSha256?: string | undefined
  source: Buffer | AsyncIterable<Buffer>
  /**
   * Once a streamed source has ended: all options, if some came after the content; they replace those of before. Not with
   * an Idempotency-Key.
   */
  late?: (() => Promise<PasteOptions | undefined>) | undefined
  /** Counts what is kept of the source, and takes a place for it if it is large. */
  intake?: Intake | undefined
  /** Aborts when the client disconnects. */
  signal?: AbortSignal | undefined
}

/**
 * A new paste and the only copy of its edit token (43 characters, base64url of 256 bits). `again`: the Idempotency-Key
 * belongs to an earlier request, whose result this is.
 */
export type CreatedPaste = { paste: Paste; editToken: string; again?: boolean }

/** A counted reading: entitles its caller to read the content once. */
export type Claimed = {
  paste: Paste
  /** Takes the reading back. Call it only while no byte has been sent. */
  release(): Promise<void>
  /** Settles that it is used, once its first bytes are there, so that others hear `burned`. Never throws. */
  keep(): Promise<void>
}

/**
 * Some lines of a paste as text, what can't be read as U+FFFD: `lines` (1 or more) whole lines with their line ends, or
 * (`cut`) the beginning of a single line that is too long.
 */
export type Excerpt = { text: string; lines: number; cut: boolean }

/** What an operator may know of a paste in any state. Times are epoch ms, null where there is none. */
export type PasteFacts = Pick<
  Paste,
  'slug' | 'kind' | 'createdAt' | 'updatedAt' | 'expiresAt' | 'visibility' | 'title' | 'fileName' | 'maxViews' | 'views'
> & {
  state: 'live' | 'expired' | 'deleted' | 'removed' | 'burned'
  reason: RemovalReason | null
  endedAt: number | null
  sizeBytes: number
  storedBytes: number
  sha256: string
  mediaType: string
}

/** Which lines are wanted: from `first` (from 1), and how the bytes are read, undefined: as what they were found to be. */
export type ExcerptRange = { first: number; mostLines: number; mostBytes: number; charset?: string | undefined }

/** A change of metadata: absent values stay; null removes one. */
export type PasteChange = {
  title?: string | null | undefined
  language?: string | null | undefined
  visibility?: Visibility | undefined
  expiresIn?: number | string | undefined
  expiresAt?: string | undefined
}

/** The request's If-Match, If-None-Match and If-Unmodified-Since headers, unparsed. */
export type Preconditions = {
  ifMatch?: string | undefined
  ifNoneMatch?: string | undefined
  ifUnmodifiedSince?: string | undefined
}
