import { randomBytes } from 'node:crypto'

/** Log-like text of exactly `sizeBytes`, the same for the same size; shrinks to about a quarter. */
export function logText(sizeBytes: number): Buffer {
  const lines: string[] = []
  for (let length = 0, number = 0; length < sizeBytes; number++) {
    const noise = (Math.imul(number, 2654435761) >>> 0).toString(36)
    const line = `2026-11-22T21:00:${String(number % 60).padStart(2, '0')}Z INFO worker-${number % 16} GET /raw/${noise} 200\n`
    lines.push(line)
    length += line.length
  }
  return Buffer.from(lines.join('')).subarray(0, sizeBytes)
}

/** Bytes that no compressor makes smaller. */
export function noise(sizeBytes: number): Buffer {
  return randomBytes(sizeBytes)
}

/** The bytes as a client sends them, in chunks of `chunkBytes`. */
export async function* inChunks(bytes: Buffer, chunkBytes = 65_536): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += chunkBytes) yield Buffer.from(bytes.subarray(at, at + chunkBytes))
}

/** Everything that a source gives, as one buffer. */
export async function joined(source: AsyncIterable<Buffer>): Promise<Buffer> {
  const pieces: Buffer[] = []
  for await (const piece of source) pieces.push(piece)
  return Buffer.concat(pieces)
}
