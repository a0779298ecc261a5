import { LOAD_CORE, pin } from '../load/machine.ts'
import type { ServiceName } from '../services/catalogue.ts'
import { installServices } from '../services/install.ts'
import type { LabOptions } from './arguments.ts'
import { goFirst } from './go-first.ts'
import type { Profile } from './profile-schema.ts'
import { type Servers, startEmbedded, startReplicas, startServers } from './start-system.ts'
import { openTarget, type System } from './system.ts'

/** Starts what is put under load. */
export type Systems = {
  /** With these settings beside those of the profile. */
  start(settings: Record<string, string>): Promise<System>
  /** Ends what several systems share. */
  stop(): Promise<void>
}

const NEEDED: readonly ServiceName[] = ['mariadb', 's3', 'redis', 'nginx']

/**
 * Systems of the kind that the command line names. The generator gets a core of its own beside one embedded replica,
 * and goes before everything else where we may decide that, so that it keeps to its plan.
 */
export function openSystems(
  { where, adminToken }: LabOptions,
  profile: Profile,
  say: (words: string) => void,
): Systems {
  let servers: Servers | undefined
  const told = (settings: Record<string, string>) => ({
    ...profile.system?.settings,
    ...settings,
    ...(adminToken !== undefined && { ADMIN_TOKEN: adminToken }),
  })
  return {
    async start(settings) {
      const system = await startSystem(settings)
      goFirst()
      return system
    },
    stop: async () => servers?.stop(),
  }
  async function startSystem(settings: Record<string, string>): Promise<System> {
    if (where.kind === 'target') return openTarget(where.url, adminToken)
    if (where.kind === 'embedded') {
      const system = await startEmbedded(told(settings))
      pin(process.pid, LOAD_CORE)
      return system
    }
    if (!servers) {
      install()
      say('starting MariaDB, Ceph and Redis')
      servers = await startServers()
    }
    return startReplicas(servers, where.replicas, told(settings), profile.system?.countStoreReads)
  }
}

function install(): void {
  const missing = installServices(NEEDED)
  for (const name of NEEDED) {
    const lack = missing[name]
    if (lack) throw new Error(`${name}: ${lack.why}; ${lack.remedy}`)
  }
}
