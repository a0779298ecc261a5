import type { Frame } from './frame-table.ts'

// Zstandard Seekable Format 0.1.0 (facebook/zstd, contrib/seekable_format/zstd_seekable_compression_format.md).
const SEEK_TABLE_FRAME = 0x184d2a5e
const SEEKABLE_MAGIC = 0x8f92eab1
const FOOTER_BYTES = 9
// Any of the sixteen skippable magic numbers of RFC 8878 section 3.1.2 would do, apart from the seek table's.
const LINE_NUMBERS_FRAME = 0x184d2a57
const LINE_NUMBERS_TAG = Buffer.from('PBL1')

/** A decoded trailer: enough to rebuild the frame table of a lost row. */
export type Trailer = {
  /** Bytes of the trailer itself. */
  trailerBytes: number
  /** Lines of the content. */
  lines: number
  /** The frames of the content. */
  frames: Frame[]
}

/**
 * The two skippable frames at the end of a zstd object: our line numbers (a tag, the number of lines, the first line
 * of each frame; 32-bit little-endian), then the seek table of the Zstandard seekable format, which lists the
 * line-number frame too, with content size 0, because readers refuse an object whose sizes do not add up.
 */
export function encodeTrailer(frames: readonly Frame[], lines: number): Buffer {
  const lineNumbers = skippable(
    LINE_NUMBERS_FRAME,
    Buffer.concat([LINE_NUMBERS_TAG, uint32(lines), ...frames.map((frame) => uint32(frame.firstLine))]),
  )
  const listed = [...frames, { storedBytes: lineNumbers.length, contentBytes: 0 }]
  const entries = listed.flatMap((frame) => [uint32(frame.storedBytes), uint32(frame.contentBytes)])
  const withoutChecksums = Buffer.from([0])
  const footer = [uint32(listed.length), withoutChecksums, uint32(SEEKABLE_MAGIC)]
  return Buffer.concat([lineNumbers, skippable(SEEK_TABLE_FRAME, Buffer.concat([...entries, ...footer]))])
}

/** Reads the trailer at the end of an object (or of its last few KiB); undefined when there is no valid one. */
export function decodeTrailer(end: Buffer): Trailer | undefined {
  if (end.length < FOOTER_BYTES || end.readUInt32LE(end.length - 4) !== SEEKABLE_MAGIC) return undefined
  const listed = end.readUInt32LE(end.length - FOOTER_BYTES)
  const frameCount = listed - 1
  const seekTableAt = end.length - FOOTER_BYTES - listed * 8 - 8
  const linesAt = seekTableAt - (8 + LINE_NUMBERS_TAG.length + 4 + frameCount * 4)
  if (frameCount < 1 || linesAt < 0 || end.readUInt32LE(seekTableAt) !== SEEK_TABLE_FRAME) return undefined
  if (end.readUInt32LE(linesAt) !== LINE_NUMBERS_FRAME) return undefined
  if (!end.subarray(linesAt + 8, linesAt + 12).equals(LINE_NUMBERS_TAG)) return undefined
  const frames: Frame[] = []
  let storedOffset = 0
  let contentOffset = 0
  for (let index = 0; index < frameCount; index++) {
    const storedBytes = end.readUInt32LE(seekTableAt + 8 + index * 8)
    const contentBytes = end.readUInt32LE(seekTableAt + 12 + index * 8)
    const firstLine = end.readUInt32LE(linesAt + 16 + index * 4)
    frames.push({ storedOffset, contentOffset, firstLine, storedBytes, contentBytes })
    storedOffset += storedBytes
    contentOffset += contentBytes
  }
  return { trailerBytes: end.length - linesAt, lines: end.readUInt32LE(linesAt + 12), frames }
}

function skippable(magic: number, payload: Buffer): Buffer {
  return Buffer.concat([uint32(magic), uint32(payload.length), payload])
}

function uint32(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(4)
  bytes.writeUInt32LE(value)
  return bytes
}
