const LEAST_BYTES = 8
const BOM = 0xfeff
const READABLE = /[\p{L}\p{M}\p{N}\p{P}\p{S}\p{Zs}\t\n\r\ufeff]/gu

/**
 * Whether the first bytes of a content are UTF-16, and in which order: by its byte order mark (RFC 2781), else by the
 * zeros that blanks, digits and line ends have on one side only. All but a few of its characters have to be readable.
 *
 * @param head an even number of bytes is enough, some KiB
 */
export function findUtf16(head: Buffer): 'utf-16le' | 'utf-16be' | undefined {
  const bytes = head.subarray(0, head.length & ~1)
  const marked = bytes.length >= 4 ? byMark(bytes) : undefined
  const found = marked ?? (bytes.length >= LEAST_BYTES ? byZeros(bytes) : undefined)
  if (found === undefined) return undefined
  const text = new TextDecoder(found).decode(bytes)
  const readable = text.match(READABLE)?.join('').length ?? 0
  return readable >= text.length * (marked ? 0.9 : 0.98) ? found : undefined
}

function byMark(bytes: Buffer): 'utf-16le' | 'utf-16be' | undefined {
  if (bytes.readUInt16LE(0) === BOM) return bytes.readUInt16LE(2) === 0 ? undefined : 'utf-16le'
  return bytes.readUInt16BE(0) === BOM ? 'utf-16be' : undefined
}

function byZeros(bytes: Buffer): 'utf-16le' | 'utf-16be' | undefined {
  if (!bytes.includes(0)) return undefined
  const zeros = [0, 0]
  for (const [index, byte] of bytes.entries()) if (byte === 0) zeros[index & 1] = (zeros[index & 1] ?? 0) + 1
  const [high = 0, low = 0] = zeros
  const least = bytes.length / 20
  if (low >= least && high === 0) return 'utf-16le'
  return high >= least && low === 0 ? 'utf-16be' : undefined
}
