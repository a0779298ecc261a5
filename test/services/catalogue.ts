import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** A real server or tool that suites may need. */
export type ServiceName = 'mariadb' | 's3' | 'redis' | 'nginx' | 'dns' | 'chromium' | 'wrk' | 'zstd' | 'strace'

/** What has to be on the machine for a service: of every group of commands one, and the Debian packages that bring them. */
export type ServiceNeeds = {
  commands: readonly (readonly string[])[]
  packages: readonly string[]
}

/** Everything that the suites can use, with the names that Debian 12 and later give to it. */
export const CATALOGUE: Readonly<Record<ServiceName, ServiceNeeds>> = {
  mariadb: { commands: [['mariadbd'], ['mariadb-install-db']], packages: ['mariadb-server'] },
  s3: {
    commands: [['radosgw'], ['radosgw-admin'], ['ceph-mon'], ['ceph-osd'], ['ceph'], ['ceph-authtool'], ['monmaptool']],
    packages: ['radosgw', 'ceph-mon', 'ceph-osd', 'ceph-common'],
  },
  redis: { commands: [['redis-server']], packages: ['redis-server'] },
  nginx: { commands: [['nginx']], packages: ['nginx-light'] },
  dns: { commands: [['named'], ['nsupdate']], packages: ['bind9', 'bind9-dnsutils'] },
  chromium: {
    commands: [['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome']],
    packages: ['chromium', 'fonts-dejavu-core'],
  },
  wrk: { commands: [['wrk']], packages: ['wrk'] },
  zstd: { commands: [['zstd']], packages: ['zstd'] },
  strace: { commands: [['strace']], packages: ['strace'] },
}

/** The names of {@link CATALOGUE}, in its order. */
export const SERVICE_NAMES = Object.keys(CATALOGUE) as ServiceName[]

// Servers live in sbin folders, which the PATH of an ordinary user lacks.
const SERVER_FOLDERS = ['/usr/local/sbin', '/usr/sbin', '/sbin', '/usr/local/bin', '/usr/bin', '/bin']

/** The full path of a command, from PATH or the folders where servers are installed; undefined when it is nowhere. */
export function findCommand(name: string): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...SERVER_FOLDERS]
  return folders.map((folder) => join(folder, name)).find(isExecutable)
}

/** The full path of a command of an installed service. Throws when it is nowhere. */
export function commandPath(...names: string[]): string {
  for (const name of names) {
    const path = findCommand(name)
    if (path) return path
  }
  throw new Error(`${names.join(' or ')} is not installed`)
}

/** The commands of a service that the machine lacks: none means that it can be started. */
export function missingCommands(service: ServiceName): string[] {
  const groups = CATALOGUE[service].commands.filter((names) => !names.some((name) => findCommand(name)))
  return groups.map((names) => names.join(' or '))
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}
