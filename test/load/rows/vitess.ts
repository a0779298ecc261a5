import { buildVitess } from '../../services/vitess-programs.ts'
import { uploadMany } from '../client.ts'
import { smallTexts } from '../data.ts'
import { smallBodies, write } from '../files.ts'
import { LOAD_CORE, pin, unpin } from '../machine.ts'
import type { Row } from '../result.ts'
import type { LoadedServer } from '../servers.ts'
import { compare } from '../vitess/compare.ts'
import { statements } from '../vitess/statements.ts'
import { startSystems } from '../vitess/systems.ts'

const PASTES = 1_000

/** What vtgate and the tablets cost: the service on two shards next to the service on one server. */
export const vitess: Row = {
  name: 'vitess',
  onlyWhenNamed: true,
  async run(folder) {
    const lack = buildVitess()
    if (lack !== undefined) throw new Error(lack)
    // Too many processes for one core each: the kernel shares both.
    unpin(process.pid)
    try {
      await using systems = await startSystems(folder)
      const { sharded, direct } = systems
      const bodies = write(folder, 'bodies', smallTexts(512))
      const pathsAt = async ({ port }: LoadedServer, name: string) => {
        const slugs = await uploadMany(port, smallBodies(PASTES))
        const paths = slugs.map((slug) => `/raw/${slug}`)
        return write(folder, name, paths)
      }
      const read = { sharded: await pathsAt(sharded, 'sharded-paths'), direct: await pathsAt(direct, 'direct-paths') }
      const create = { sharded: bodies, direct: bodies }
      return [
        ...(await statements(systems.vitess, sharded)),
        ...(await compare(systems, { name: 'create 4 KiB', mode: 'bodies', files: create, goal: 0.5 })),
        ...(await compare(systems, { name: 'cold raw read of 4 KiB', mode: 'paths', files: read, goal: 0.6 })),
      ]
    } finally {
      pin(process.pid, LOAD_CORE)
    }
  },
}
