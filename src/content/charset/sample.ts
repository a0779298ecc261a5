import { isAscii } from 'node:buffer'

/** What of a content has to be seen to tell its charset. */
export type Sample = {
  /** Its first bytes. */
  head: Buffer
  /** Bytes above 0x7F from where it stops being UTF-8, with what stands around them; empty while it is UTF-8. */
  foreign: Buffer
  /** Whether there were characters of several bytes of UTF-8 before that. */
  sawUtf8: boolean
}

/** Takes a sample of a content as it streams past; holds at most 12 KiB of it. */
export type Sampler = {
  /** @param utf8 whether everything up to the end of this chunk can still be UTF-8 */
  push(chunk: Buffer, utf8: boolean): void
  /** The first bytes so far. */
  head(): Buffer
  /** @param utf8 whether all of it is valid UTF-8 */
  sample(utf8: boolean): Sample
}

/** The most that is held of the first bytes. */
export const HEAD_BYTES = 4 * 1024
const FOREIGN_BYTES = 8 * 1024
const AROUND = 24
const MOST_CHARACTER_BYTES = 4

/** A sampler at the start of a content. It costs nothing worth naming while the content is ASCII or UTF-8. */
export function createSampler(): Sampler {
  let head: Buffer = Buffer.alloc(0)
  const foreign = Buffer.alloc(FOREIGN_BYTES)
  let filled = 0
  let following = 0
  let sawUtf8 = false
  let last: Buffer = Buffer.alloc(0)
  let collecting = false

  const keep = (bytes: Buffer) => {
    filled += bytes.copy(foreign, filled, 0, FOREIGN_BYTES - filled)
  }
  const collect = (chunk: Buffer) => {
    let kept = 0
    for (let at = 0; at < chunk.length && filled < FOREIGN_BYTES; at++) {
      if ((chunk[at] as number) >= 0x80) {
        keep(chunk.subarray(Math.max(kept, at - AROUND), at + 1))
        kept = at + 1
        following = AROUND
      } else if (following > 0) {
        keep(chunk.subarray(at, at + 1))
        kept = at + 1
        following--
      }
    }
  }
  return {
    push(chunk, utf8) {
      if (head.length < HEAD_BYTES) head = Buffer.concat([head, chunk.subarray(0, HEAD_BYTES - head.length)])
      if (!utf8) {
        // The last character of what came before may be where it ends to be UTF-8.
        if (!collecting) collect(last)
        collecting = true
        return collect(chunk)
      }
      sawUtf8 ||= !isAscii(last) || !isAscii(chunk.subarray(0, -MOST_CHARACTER_BYTES))
      last = Buffer.concat([last, chunk.subarray(-AROUND)]).subarray(-AROUND)
    },
    head: () => head,
    sample(utf8) {
      if (!utf8 && !collecting) collect(last)
      return { head, foreign: foreign.subarray(0, filled), sawUtf8 }
    },
  }
}
