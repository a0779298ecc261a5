// What storing a body costs at the very least: zstd level 1 and SHA-256 over the file FILE. Answers each line on stdin
// with the milliseconds that one pass took.
import { hash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { constants, zstdCompressSync } from 'node:zlib'

const bytes = readFileSync(process.env.FILE ?? '')
const params = { [constants.ZSTD_c_compressionLevel]: 1, [constants.ZSTD_c_checksumFlag]: 1 }

for await (const _line of createInterface({ input: process.stdin })) {
  const startedAt = performance.now()
  zstdCompressSync(bytes, { params, chunkSize: bytes.length })
  hash('sha256', bytes)
  process.stdout.write(`${performance.now() - startedAt}\n`)
}
