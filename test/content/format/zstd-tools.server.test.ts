import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { createContent, decodeTrailer } from '../../../src/content/index.ts'
import { randomKey } from '../../contracts/object-store.ts'
import { whenService } from '../../services/index.ts'
import { createMemoryStore } from '../stores/memory-store.ts'
import { inChunks, logText } from '../text.ts'

const run = promisify(execFile)

whenService('zstd', ({ zstd }) => {
  test('zstd -d on an object of the store gives the paste back', async () => {
    const text = logText(3_500_000)
    const store = createMemoryStore()
    const content = createContent({ store, cacheBytes: 0, inlineMaxBytes: 0 })
    const objectKey = randomKey()
    const stored = await content.receive(inChunks(text), { objectKey, limitBytes: 50_000_000, claim: {} })
    const object = store.objects.get(objectKey) as Buffer

    const folder = await mkdtemp(join(tmpdir(), 'zstd-'))
    try {
      const file = join(folder, 'object.zst')
      await writeFile(file, object)
      const options = { encoding: 'buffer', maxBuffer: 64 * 1024 * 1024 } as const
      const decoded = await run(zstd.path, ['-dc', file], options)
      expect(decoded.stdout.equals(text)).toBe(true)
      const listing = (await run(zstd.path, ['-lv', file])).stdout
      expect(listing).toMatch(/# Zstandard Frames: 4\n/)
      expect(listing).toMatch(/# Skippable Frames: 2\n/)
      expect(listing).toMatch(/Decompressed Size: .*\(3500000 B\)/)
      expect(listing).toMatch(/Check: XXH64/)
    } finally {
      await rm(folder, { recursive: true })
    }
    const trailer = decodeTrailer(object.subarray(-1000))
    expect(trailer).toMatchObject({ lines: stored.lines, frames: content.frames(stored) })
    expect(stored.storedBytes + (trailer?.trailerBytes ?? 0)).toBe(object.length)
  })
})
