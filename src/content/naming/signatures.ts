/** Media types that the first bytes of a file allow, by signature; several where a container holds both kinds. */
const SIGNATURES: readonly { offset: number; bytes: string; types: readonly string[]; also?: [number, string] }[] = [
  { offset: 0, bytes: '\x89PNG\r\n\x1a\n', types: ['image/png'] },
  { offset: 0, bytes: '\xff\xd8\xff', types: ['image/jpeg'] },
  { offset: 0, bytes: 'GIF87a', types: ['image/gif'] },
  { offset: 0, bytes: 'GIF89a', types: ['image/gif'] },
  { offset: 0, bytes: 'RIFF', also: [8, 'WEBP'], types: ['image/webp'] },
  { offset: 0, bytes: 'RIFF', also: [8, 'WAVE'], types: ['audio/wav'] },
  { offset: 0, bytes: '%PDF-', types: ['application/pdf'] },
  { offset: 0, bytes: 'PK\x03\x04', types: ['application/zip'] },
  { offset: 0, bytes: '\x1f\x8b\x08', types: ['application/gzip'] },
  { offset: 0, bytes: '\xfd7zXZ\0', types: ['application/x-xz'] },
  { offset: 0, bytes: '7z\xbc\xaf\x27\x1c', types: ['application/x-7z-compressed'] },
  { offset: 0, bytes: '\x28\xb5\x2f\xfd', types: ['application/zstd'] },
  { offset: 0, bytes: 'OggS', types: ['audio/ogg', 'video/ogg'] },
  { offset: 0, bytes: 'fLaC', types: ['audio/flac'] },
  { offset: 0, bytes: 'ID3', types: ['audio/mpeg'] },
  { offset: 0, bytes: '\x1aE\xdf\xa3', types: ['video/webm', 'audio/webm'] },
  { offset: 4, bytes: 'ftypavif', types: ['image/avif'] },
  { offset: 4, bytes: 'ftypavis', types: ['image/avif'] },
  { offset: 4, bytes: 'ftypqt  ', types: ['video/quicktime'] },
  { offset: 4, bytes: 'ftypM4A ', types: ['audio/mp4'] },
  { offset: 4, bytes: 'ftyp', types: ['video/mp4', 'audio/mp4'] },
]

const SNIFF_BYTES = 16

/**
 * Media types that the first bytes (16 are enough) can be, the likeliest first; none when no signature fits. `sure`
 * unless the signature is so short that a text in UTF-16 may begin with it.
 */
export function sniff(firstBytes: Buffer): { types: readonly string[]; sure: boolean } {
  const text = firstBytes.toString('latin1', 0, SNIFF_BYTES)
  const found = SIGNATURES.find(
    ({ offset, bytes, also }) => text.startsWith(bytes, offset) && (!also || text.startsWith(also[1], also[0])),
  )
  if (found) return { types: found.types, sure: true }
  // MPEG audio has no signature but eleven set bits; the layer bits are 0 for AAC only.
  const second = firstBytes[1] ?? 0
  if (firstBytes[0] !== 0xff || (second & 0xe0) !== 0xe0) return { types: [], sure: false }
  return { types: (second & 0x06) === 0 ? ['audio/aac'] : ['audio/mpeg'], sure: false }
}
