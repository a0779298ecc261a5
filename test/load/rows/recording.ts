import { join } from 'node:path'
import { uploadMany } from '../client.ts'
import { smallBodies, write } from '../files.ts'
import { interleave } from '../interleave.ts'
import type { Row } from '../result.ts'
import { type LoadedServer, startService } from '../servers.ts'
import { wrk } from '../wrk.ts'

const PAIRS = 10

/** What it costs to record: hot reads with and without, in turn. */
export const recording: Row = {
  name: 'recording',
  onlyWhenNamed: true,
  async run(folder) {
    const [body = Buffer.alloc(0)] = smallBodies(1)
    await using recorded = await startService(join(folder, 'on'))
    await using bare = await startService(join(folder, 'off'), { RECORDING: 'off' })
    const contender = async ({ pid, port }: LoadedServer, name: string) => {
      const [slug] = await uploadMany(port, [body])
      const file = write(folder, name, [`/raw/${slug}`])
      return {
        pid,
        measure: async () => (await wrk({ port, connections: 32, seconds: 2, mode: 'paths', file })).perSecond,
      }
    }
    const contenders = { ours: await contender(recorded, 'on.paths'), bare: await contender(bare, 'off.paths') }
    const samples = await interleave(contenders, PAIRS)
    return [
      {
        work: 'hot raw read 4 KiB, recorded',
        unit: '/s',
        ours: samples.ours,
        reference: { name: 'RECORDING=off', samples: samples.bare },
        goals: [{ ofReference: 0.98 }],
      },
    ]
  },
}
