import type { StoredContent } from '../../content/index.ts'

/** Who sees a paste: `public` ones are listed, `private` ones have a slug of 128 bits and are never cached by others. */
export type Visibility = 'public' | 'unlisted' | 'private'

/** A live paste, or a live short link (`kind: 'link'`, its content is the target URL). A snapshot: never changed. */
export type Paste = {
  slug: string
  kind: 'paste' | 'link'
  /** Grows by one with every edit; the metadata's ETag is made of it. */
  version: number
  createdAt: number
  updatedAt: number
  /** Epoch ms; null: never. */
  expiresAt: number | null
  visibility: Visibility
  title: string | null
  /** A highlight.js language name or alias, such as `python`; null: not said. */
  language: string | null
  /** The sanitised name of the uploaded file, for downloads. */
  fileName: string | null
  /** How often it may be read; 1: once; null: no limit. Readings are claims, never GETs. */
  maxViews: number | null
  /** Readings so far; counted only where there is a limit. */
  views: number
  /** Lower-case hex SHA-256 of the edit token. */
  editTokenHash: string
  content: StoredContent
}

/** What a client may say about a new paste; the same names in JSON, multipart fields and query strings. */
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

/** A body on its way in: whole in memory (small), or a stream of which at most a few MiB are in memory at once. */
export type Body = {
  /** What the client claims; used for the media type and the download's name, never believed further. */
  mediaType?: string | undefined
  fileName?: string | undefined
  /** Content-Length, when the client sent one: more or fewer bytes are refused. */
  expectedBytes?: number | undefined
  /** Lower-case hex, from Content-Digest (RFC 9530): another sum is refused. */
  expectedSha256?: string | undefined
  source: Buffer | AsyncIterable<Buffer>
  /** Aborts when the client goes away. */
  signal?: AbortSignal | undefined
}

/**
 * A paste just made, with the one and only copy of its edit token (43 characters, base64url of 256 bits). `again` where
 * an Idempotency-Key got the answer of an earlier request.
 */
export type CreatedPaste = { paste: Paste; editToken: string; again?: boolean }

/** A reading that was counted: for whoever holds this, and nobody else. */
export type Claimed = {
  paste: Paste
  /** Takes the reading back: only while no byte of it was sent. */
  release(): Promise<void>
}

/**
 * Some lines of a paste as text, what is not UTF-8 as U+FFFD: `lines` (1 or more) whole lines with their ends, or
 * (`cut`) the beginning of a single one that was too long.
 */
export type Excerpt = { text: string; lines: number; cut: boolean }

/** The paste room's interface for the rooms above it. */
export type Pastes = {
  /**
   * Makes a paste and returns once it is durable. Throws `slug_taken`, `slug_quarantined`, `invalid_*`,
   * `payload_too_large`, `empty_content`, `storage_*`, `database_unavailable`, `commit_unknown`, `idempotency_*`.
   */
  create(options: PasteOptions, body: Body, idempotencyKey?: string): Promise<CreatedPaste>
  /** Makes a short link to an http(s) URL. Throws `invalid_original_url`, `forbidden_target`, and as `create` does. */
  createLink(options: PasteOptions, targetUrl: string, idempotencyKey?: string): Promise<CreatedPaste>
  /** A live paste out of this process's memory, if it is there: never waits. */
  peek(slug: string): Paste | undefined
  /** A live paste. Throws `not_found`, or `expired` / `deleted` / `burned` while the tombstone stands. */
  find(slug: string): Promise<Paste>
  /** The whole text of a paste of at most `mostBytes`, or its first bytes up to a line end, decoded as UTF-8. */
  head(paste: Paste, mostBytes: number): Promise<{ text: string; complete: boolean; lines: number }>
  /**
   * Lines of a paste from `first` (from 1) on: at most `mostLines`, in at most `mostBytes`. Throws RangeError when
   * there is no such line, and what the store throws.
   */
  excerpt(paste: Paste, range: { first: number; mostLines: number; mostBytes: number }): Promise<Excerpt>
  /** Takes one reading of a paste whose readings are limited. Throws `burned` when there is none left. */
  claim(slug: string): Promise<Claimed>
  /**
   * Checks the edit token of a live paste before its body is read. Throws `not_found`, `expired`, `deleted`,
   * `burned`, `token_required`, `token_invalid`.
   */
  authorise(slug: string, editToken: string | undefined): Promise<void>
  /** Changes metadata. Throws `token_*`, `precondition_failed`. */
  update(slug: string, editToken: string | undefined, change: PasteChange, when?: Preconditions): Promise<Paste>
  /**
   * Replaces the content, keeping slug and metadata. Of a short link the content is its target, checked as in
   * `createLink`.
   */
  replace(slug: string, editToken: string | undefined, body: Body, when?: Preconditions): Promise<Paste>
  /** Ends a paste for good; gives what it was. A second call throws `deleted`. */
  remove(slug: string, editToken: string | undefined, when?: Preconditions): Promise<Paste>
  /**
   * When a paste was made, for who holds its edit token; also of one that ended, while its tombstone stands. Throws
   * `not_found`, `token_required`, `token_invalid`.
   */
  madeAt(slug: string, editToken: string | undefined): Promise<number>
  /** Public pastes, newest first. `cursor` is one of ours; throws `invalid_cursor`. */
  recent(limit: number, cursor?: string): Promise<{ pastes: Paste[]; nextCursor: string | null }>
  /** Whether a custom slug could be taken now: `free`, or why not, with a free name that resembles it. */
  availability(slug: string): Promise<{ status: 'free' | 'taken' | 'invalid' | 'reserved'; suggestion: string | null }>
}

/** A change of metadata: what is absent stays; null takes a value away. */
export type PasteChange = {
  title?: string | null | undefined
  language?: string | null | undefined
  visibility?: Visibility | undefined
  expiresIn?: number | string | undefined
  expiresAt?: string | undefined
}

/** The request's If-Match and If-Unmodified-Since headers, as they came. */
export type Preconditions = { ifMatch?: string | undefined; ifUnmodifiedSince?: string | undefined }
