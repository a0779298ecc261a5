import { join } from 'node:path'
import { smallTexts } from '../data.ts'
import { write } from '../files.ts'
import { interleave } from '../interleave.ts'
import type { Row } from '../result.ts'
import { type LoadedServer, startReference, startService } from '../servers.ts'
import { wrk } from '../wrk.ts'

const DIFFERENT_BODIES = 512

/** Creates of 4 KiB, durable before the answer, next to bare inserts of the same row. */
export const create: Row = {
  name: 'create',
  async run(folder) {
    const file = write(folder, 'bodies', smallTexts(DIFFERENT_BODIES))
    await using service = await startService(join(folder, 'ours'))
    await using reference = await startReference('insert', {
      DATABASE_FILE: join(folder, 'reference.db'),
      SCHEMA_OF: join(folder, 'ours', 'data', 'pastes.db'),
    })
    const load = ({ pid, port }: LoadedServer) => ({
      pid,
      measure: async () => (await wrk({ port, connections: 32, seconds: 2, mode: 'bodies', file })).perSecond,
    })
    const samples = await interleave({ ours: load(service), reference: load(reference) }, 5)
    return [
      {
        work: 'create 4 KiB, 32 connections',
        unit: '/s',
        ours: samples.ours,
        reference: { name: 'bare inserts', samples: samples.reference },
        goals: [{ ofReference: 0.9 }],
      },
    ]
  },
}
