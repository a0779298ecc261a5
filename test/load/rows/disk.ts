import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { upload, uploadMany } from '../client.ts'
import { largeLog } from '../data.ts'
import { smallBodies } from '../files.ts'
import type { Row } from '../result.ts'
import { startService } from '../servers.ts'

const MIB = 1_048_576
// What st_blocks counts in, whatever the file system's own blocks are.
const BLOCK_BYTES = 512

/** What 2,000 small pastes and the log take on the disk once the service was stopped. */
export const disk: Row = {
  name: 'disk',
  async run(folder) {
    const service = await startService(join(folder, 'ours'))
    await uploadMany(service.port, smallBodies(2_000))
    await upload(service.port, largeLog())
    await service.end()
    const data = join(folder, 'ours', 'data')
    const allocated = readdirSync(data, { recursive: true, encoding: 'utf8' })
      .map((name) => statSync(join(data, name)).blocks * BLOCK_BYTES)
      .reduce((sum, bytes) => sum + bytes, 0)
    const work = 'disk, 2,000 × 4 KiB + 50 MiB log'
    return [{ work, unit: 'MiB', ours: [allocated / MIB], goals: [{ atMost: 20 }], note: 'allocated, after a stop' }]
  },
}
