import type {
  Body,
  Claimed,
  CreatedPaste,
  Excerpt,
  ExcerptRange,
  Paste,
  PasteChange,
  PasteFacts,
  PasteOptions,
  Preconditions,
  RemovalReason,
} from './paste.ts'

/** The interface for the rooms above. */
export type Pastes = {
  /**
   * Creates a paste and returns once it is durable. Throws `slug_taken`, `slug_quarantined`, `invalid_*`,
   * `payload_too_large`, `empty_content`, `storage_*`, `database_unavailable`, `commit_unknown`, `idempotency_*`.
   */
  create(options: PasteOptions, body: Body, idempotencyKey?: string): Promise<CreatedPaste>
  /** Creates a short link to an http(s) URL. Throws `invalid_original_url`, `forbidden_target`, and as `create` does. */
  createLink(options: PasteOptions, targetUrl: string, idempotencyKey?: string): Promise<CreatedPaste>
  /** A live paste from this process's memory, if it is cached; never waits. */
  peek(slug: string): Paste | undefined
  /** A live paste. Throws `not_found`, or `expired` / `deleted` / `burned` while the tombstone stands. */
  find(slug: string): Promise<Paste>
  /**
   * The whole text if it has at most `mostBytes`, else its first lines within that; decoded from `charset`, undefined:
   * from what it was found to be.
   */
  firstLines(
    paste: Paste,
    mostBytes: number,
    charset?: string,
  ): Promise<{ text: string; complete: boolean; lines: number }>
  /** All bytes of a paste, which are to be few: they are held in memory. */
  bytes(paste: Paste): Promise<Buffer>
  /**
   * At most `mostLines` lines from `first` (from 1) in at most `mostBytes`. Throws RangeError when the paste has no
   * line `first`, and the store's errors.
   */
  excerpt(paste: Paste, range: ExcerptRange): Promise<Excerpt>
  /** Counts one reading of a limited paste. Throws `burned` when none is left, `claim_in_progress` while one may be. */
  claim(slug: string): Promise<Claimed>
  /**
   * Checks the edit token of a live paste, before the request's body is read. Throws `not_found`, `expired`, `deleted`,
   * `burned`, `token_required`, `token_invalid`.
   */
  authorise(slug: string, editToken: string | undefined): Promise<void>
  /** Changes metadata. Throws `token_*`, `precondition_failed`. */
  update(slug: string, editToken: string | undefined, change: PasteChange, when?: Preconditions): Promise<Paste>
  /**
   * Replaces the content and keeps slug and metadata. A short link's content is its target URL, checked as in
   * `createLink`. Where a condition fails but the content is already there, returns the paste as it is.
   */
  replace(slug: string, editToken: string | undefined, body: Body, when?: Preconditions): Promise<Paste>
  /** Deletes a paste and returns its last state. A second call throws `deleted`. */
  remove(slug: string, editToken: string | undefined, when?: Preconditions): Promise<Paste>
  /** What an operator may know of a paste, or of its tombstone. Throws `not_found`. */
  inspect(slug: string): Promise<PasteFacts>
  /**
   * Removes a paste in the name of the operator; readers hear `removed` and why. Throws `not_found`, and the reason of
   * its end where it has ended.
   */
  takeDown(slug: string, reason: RemovalReason): Promise<Paste>
  /**
   * The time of creation, if the edit token fits; of an ended paste too while its tombstone stands. Throws
   * `not_found`, `token_required`, `token_invalid`.
   */
  createdAt(slug: string, editToken: string | undefined): Promise<number>
  /** Public pastes, newest first. `cursor` is an earlier `nextCursor`; throws `invalid_cursor`. */
  recent(limit: number, cursor?: string): Promise<{ pastes: Paste[]; nextCursor: string | null }>
  /** Whether a custom slug is free now, or why not and a similar free one. */
  availability(slug: string): Promise<{ status: 'free' | 'taken' | 'invalid' | 'reserved'; suggestion: string | null }>
}
