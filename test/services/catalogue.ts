import { accessSync, constants, existsSync, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { UnstablePackages } from './debian-unstable.ts'
import { TOOLS_FOLDER } from './tools.ts'

/** A real server or tool that suites may need. */
export type ServiceName =
  | 'mysql'
  | 'mariadb'
  | 'mariadb-11.8'
  | 's3'
  | 'redis'
  | 'nginx'
  | 'dns'
  | 'chromium'
  | 'wrk'
  | 'zstd'
  | 'strace'
  | 'faketime'
  | 'galera'
  | 'spider'
  | 'kustomize'
  | 'kubernetes-validate'
  | 'docker-compose'
  | 'prometheus'

/**
 * What has to be on the machine for a service: of every group of commands one, the files, and the Debian packages that
 * bring them.
 */
export type ServiceNeeds = {
  commands: readonly (readonly string[])[]
  files?: readonly string[]
  packages: readonly string[]
  /**
   * What brings the version that is shipped (config/servers/versions.ts). The `packages` of this Debian, which are older, are
   * only used where it can't be had.
   */
  unstable?: UnstablePackages
  /** Brings what no package has; run by sh in the root of the repository, with the folder of tools as `$1`, after the packages. */
  script?: string
  /** The one lane that has use for it; it is not brought for others. */
  lane?: 'wide'
}

/** Everything that the suites can use, with the names that Debian 12 and later give to it. */
export const CATALOGUE: Readonly<Record<ServiceName, ServiceNeeds>> = {
  mysql: {
    commands: [['mysqld-9.7']],
    packages: ['debian-archive-keyring'],
    // Debian has it in its rolling suite alone.
    script: `sh test/services/unpack-debian.sh "$1/mysql-9.7" sid 'mysql-server-core=9.7.*'
      ln -sf ../mysql-9.7/usr/sbin/mysqld "$1/bin/mysqld-9.7"`,
  },
  mariadb: { commands: [['mariadbd'], ['mariadb-install-db']], packages: ['mariadb-server'] },
  'mariadb-11.8': {
    commands: [['mariadbd-11.8'], ['mariadb-install-db-11.8']],
    packages: ['debian-archive-keyring'],
    script: `sh test/services/unpack-debian.sh "$1/mariadb-11.8" trixie 'mariadb-server-core=1:11.8.*' mariadb-client-core
      ln -sf ../mariadb-11.8/usr/sbin/mariadbd "$1/bin/mariadbd-11.8"
      ln -sf ../mariadb-11.8/usr/bin/mariadb-install-db "$1/bin/mariadb-install-db-11.8"`,
    lane: 'wide',
  },
  s3: {
    commands: [['radosgw'], ['radosgw-admin'], ['ceph-mon'], ['ceph-osd'], ['ceph'], ['ceph-authtool'], ['monmaptool']],
    packages: ['radosgw', 'ceph-mon', 'ceph-osd', 'ceph-common'],
  },
  redis: {
    commands: [['redis-server'], ['openssl']],
    packages: ['redis-server', 'openssl'],
    unstable: { name: 'redis-8.0', packages: ['redis-server=5:8.0.*', 'redis-tools=5:8.0.*'] },
  },
  nginx: {
    commands: [['nginx'], ['openssl'], ['curl']],
    packages: ['nginx-light', 'openssl', 'curl'],
    unstable: { name: 'nginx-1.30', packages: ['nginx=1.30.*'] },
  },
  dns: {
    commands: [['named'], ['nsupdate']],
    packages: ['bind9', 'bind9-dnsutils'],
    unstable: { name: 'bind-9.20', packages: ['bind9=1:9.20.*', 'bind9-dnsutils=1:9.20.*'] },
  },
  chromium: {
    commands: [['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome']],
    packages: ['chromium', 'fonts-dejavu-core'],
  },
  wrk: { commands: [['wrk']], packages: ['wrk'] },
  zstd: { commands: [['zstd']], packages: ['zstd'] },
  strace: { commands: [['strace']], packages: ['strace'] },
  faketime: { commands: [['faketime']], packages: ['faketime'], lane: 'wide' },
  galera: {
    commands: [['mariadbd'], ['mariadb-install-db'], ['rsync'], ['setpriv']],
    files: ['/usr/lib/galera/libgalera_smm.so'],
    packages: ['mariadb-server', 'galera-4', 'rsync'],
    lane: 'wide',
  },
  spider: {
    commands: [['mariadbd'], ['mariadb-install-db'], ['mariadb'], ['mariadb-dump']],
    files: ['/usr/lib/mysql/plugin/ha_spider.so'],
    packages: ['mariadb-server', 'mariadb-plugin-spider'],
    lane: 'wide',
  },
  kustomize: {
    commands: [['kubectl', 'kustomize']],
    packages: [],
    script: 'CGO_ENABLED=0 GOBIN="$1/bin" go install sigs.k8s.io/kustomize/kustomize/v5@v5.7.1',
    lane: 'wide',
  },
  'kubernetes-validate': {
    commands: [['kubernetes-validate']],
    packages: ['python3-venv'],
    script: `python3 -m venv "$1/kubernetes-validate"
      "$1/kubernetes-validate/bin/pip" install --quiet kubernetes-validate==1.37.0
      ln -sf ../kubernetes-validate/bin/kubernetes-validate "$1/bin/kubernetes-validate"`,
    lane: 'wide',
  },
  'docker-compose': { commands: [['docker-compose']], packages: ['docker-compose'], lane: 'wide' },
  prometheus: {
    commands: [['prometheus'], ['promtool']],
    packages: ['prometheus'],
    unstable: { name: 'prometheus-3.5', packages: ['prometheus=3.5.*'] },
    lane: 'wide',
  },
}

/** The names of {@link CATALOGUE}, in its order. */
export const SERVICE_NAMES = Object.keys(CATALOGUE) as ServiceName[]

// Servers live in sbin folders, which the PATH of an ordinary user lacks.
const SERVER_FOLDERS = ['/usr/local/sbin', '/usr/sbin', '/sbin', '/usr/local/bin', '/usr/bin', '/bin']

/** The full path of a command: one that was brought for tests, else from PATH or the folders of servers. */
export function findCommand(name: string): string | undefined {
  const folders = [join(TOOLS_FOLDER, 'bin'), ...(process.env.PATH ?? '').split(delimiter), ...SERVER_FOLDERS]
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

/** The commands and files of a service that the machine lacks: none means that it can be started. */
export function missingCommands(service: ServiceName): string[] {
  const { commands, files = [] } = CATALOGUE[service]
  const groups = commands.filter((names) => !names.some((name) => findCommand(name)))
  return [...groups.map((names) => names.join(' or ')), ...files.filter((file) => !existsSync(file))]
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}
