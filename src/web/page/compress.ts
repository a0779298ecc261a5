import { promisify } from 'node:util'
import { brotliCompress, constants, gzip, zstdCompress } from 'node:zlib'
import type { Encoding } from '../../http/index.ts'

const zstd = promisify(zstdCompress)
const brotli = promisify(brotliCompress)
const gzipped = promisify(gzip)

/** How hard to try: `once` for what is kept for the life of the process, `often` for pages. */
export type Effort = 'once' | 'often'

/** The bytes in this encoding, made in the thread pool. */
export function compress(bytes: Buffer, encoding: Encoding, effort: Effort): Promise<Buffer> {
  const once = effort === 'once'
  switch (encoding) {
    case 'zstd':
      return zstd(bytes, {
        // Without it the tables are as large as for a content of any length: 50 ms of zeroed memory for each file.
        pledgedSrcSize: bytes.length,
        params: { [constants.ZSTD_c_compressionLevel]: once ? 19 : 6 },
      })
    case 'br':
      return brotli(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: once ? 11 : 5 } })
    case 'gzip':
      return gzipped(bytes, { level: once ? 9 : 6 })
    case 'identity':
      return Promise.resolve(bytes)
  }
}
