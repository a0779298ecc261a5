import { join } from 'node:path'
import { uploadMany } from '../client.ts'
import { smallTexts } from '../data.ts'
import { smallBodies, write } from '../files.ts'
import { interleave } from '../interleave.ts'
import type { Row } from '../result.ts'
import { type LoadedServer, startService } from '../servers.ts'
import { wrk } from '../wrk.ts'

const STORED = 100_000
const READ = 2_000

/** Creates and reads with 100,000 pastes stored, next to a service that begins empty. */
export const filled: Row = {
  name: 'filled',
  async run(folder) {
    await using full = await startService(join(folder, 'full'))
    await using empty = await startService(join(folder, 'empty'))
    const stored = await uploadMany(full.port, repeated(STORED))
    const few = await uploadMany(empty.port, smallBodies(READ))
    const step = STORED / READ
    const spread = stored.filter((_, index) => index % step === 0)
    const bodies = write(folder, 'bodies', smallTexts(512))
    const reads = (server: LoadedServer, name: string, slugs: readonly string[]) => {
      const file = write(
        folder,
        name,
        slugs.map((slug) => `/raw/${slug}`),
      )
      const { pid, port } = server
      const options = { port, connections: 32, seconds: 1, mode: 'paths', file } as const
      return { pid, measure: async () => (await wrk(options)).perSecond }
    }
    const creates = ({ pid, port }: LoadedServer) => {
      const options = { port, connections: 32, seconds: 1, mode: 'bodies', file: bodies } as const
      return { pid, measure: async () => (await wrk(options)).perSecond }
    }
    const read = await interleave({ ours: reads(full, 'spread', spread), reference: reads(empty, 'few', few) }, 5)
    const create = await interleave({ ours: creates(full), reference: creates(empty) }, 3)
    const compared = (work: string, { ours, reference }: Record<'ours' | 'reference', number[]>) => ({
      work,
      unit: '/s',
      ours,
      reference: { name: 'empty store', samples: reference },
      goals: [{ ofReference: 0.9 }],
    })
    return [
      compared('random raw read of 2,000 out of 100,000', read),
      compared('create 4 KiB with 100,000 stored', create),
    ]
  },
}

/** More bodies than are worth making: a thousand different ones, over and over. */
function* repeated(count: number): Generator<Buffer> {
  const bodies = [...smallBodies(1_000)]
  for (let index = 0; index < count; index++) yield bodies[index % bodies.length] as Buffer
}
