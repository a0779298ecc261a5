/**
 * The port behind which objects lie. Keys are random, chosen by us (`[0-9A-Za-z]{27}`), never reused and never
 * derived from user input; an object is written once, whole, and never changed.
 */
export interface ObjectStore {
  /** `disk`, `s3` or `memory`: for logs and `/health/ready`. */
  readonly name: string
  /** Begins an object. Nothing is visible under `key` before `commit()` has resolved. */
  create(key: string): ObjectWriter
  /**
   * Reads exactly `length` bytes from `offset`. Rejects with `blob_missing` when there is no such object, with
   * `storage_unavailable` when the store can not be reached, times out, or gives fewer or more bytes.
   */
  read(key: string, offset: number, length: number, signal?: AbortSignal): Promise<Buffer>
  /** Removes an object and whatever an unfinished write under `key` left. A missing object is no error. */
  remove(key: string): Promise<void>
  /** Every object, in no order: for the audit that compares store and rows. */
  list(): AsyncIterable<{ key: string; sizeBytes: number; modifiedAt: number }>
  /** Every write that was begun and neither committed nor aborted, the ones under way included: for the audit. */
  listUnfinished(): AsyncIterable<UnfinishedWrite>
  /** Makes bucket or folder when missing and permitted; rejects when the store can not be used. */
  prepare(): Promise<void>
  /** Resolves when the store answers, within 3 s; else rejects with `storage_unavailable`. */
  check(): Promise<void>
  /** Frees sockets and files. */
  close(): Promise<void>
}

/** What is left of a write that may never end: the parts of an S3 multipart upload, a file under its draft name. */
export interface UnfinishedWrite {
  readonly key: string
  /** When it was begun, or last written to where that is what the store knows. */
  readonly startedAt: number
  /** Frees what it holds; an object that is already there under the same key stays. */
  discard(): Promise<void>
}

/** One object on its way into the store. One call at a time, only `abort` may come in between. */
export interface ObjectWriter {
  /**
   * Appends bytes. Resolves when the writer can take more, which is the back-pressure, and has no more need of
   * `chunk`: the caller uses its memory for the next one.
   */
  write(chunk: Buffer): Promise<void>
  /** Makes the object durable and visible; the total must be `sizeBytes`, else it rejects and nothing stays. */
  commit(sizeBytes: number): Promise<void>
  /** Ends the attempt, a call under way too, and removes what was written; never rejects; harmless after `commit`. */
  abort(): Promise<void>
}
