/**
 * What a row stores of a body: everything that serving it takes, and the bytes themselves when it is small.
 * Exactly one of `body` and `objectKey` is set.
 */
export type StoredContent = {
  /** `zstd`: independent frames, one for each MiB of content; `identity`: the bytes as received. */
  encoding: 'identity' | 'zstd'
  /** Bytes of the content, 1 to 52,428,800. */
  sizeBytes: number
  /** Bytes in the row or the object, without the object's trailer. */
  storedBytes: number
  /** Lower-case hex, 64 characters, of the content. */
  sha256: string
  /** Lines as an editor counts them: number of `\n`, plus one when the last line has no `\n`. */
  lines: number
  /** Whether the whole content is valid UTF-8. */
  utf8: boolean
  /** The media type to serve it as, decided from the first bytes, `utf8` and what the client claimed. */
  mediaType: string
  /** The frame table, see `frame-table.ts`. Empty for a single frame. */
  frames: Buffer
  /** Checksums of the frames of an object, see `frame-sums.ts`; null for a body in the row and for older objects. */
  frameSums: Buffer | null
  body: Buffer | null
  objectKey: string | null
}
