import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { commandPath } from './catalogue.ts'
import { host } from './host.ts'
import { freePort } from './ports.ts'
import { firstBytes } from './probe.ts'
import { productOf, type SqlServer } from './sql-server.ts'
import { TOOLS_FOLDER } from './tools.ts'

// What MySQL 8 and 9 have switched on by default and MariaDB has not.
const MYSQL_SQL_MODE =
  'ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'
const PROTOCOL_VERSION = 10

/** For `mariadb-install-db`: a root without a password, and files that are made quickly. */
export const EMPTY_FOLDER_OPTIONS = [
  '--auth-root-authentication-method=normal',
  '--skip-test-db',
  '--skip-name-resolve',
  // Small logs: four times quicker to create.
  '--innodb-log-file-size=8M',
  '--innodb-buffer-pool-size=32M',
]

/** For `mariadbd`: MySQL's strictness, and as little memory and waiting for disks as tests need. */
export const SERVER_OPTIONS = [
  '--skip-name-resolve',
  '--character-set-server=utf8mb4',
  '--collation-server=utf8mb4_bin',
  `--sql-mode=${MYSQL_SQL_MODE}`,
  '--max-connections=500',
  '--max-allowed-packet=128M',
  '--innodb-buffer-pool-size=64M',
  '--innodb-log-file-size=32M',
  '--innodb-flush-log-at-trx-commit=2',
  '--performance-schema=OFF',
]

/** The programs of one version, and the options by which they find their own files. */
type MariadbPrograms = { server: string; install: string; options: readonly string[] }

/**
 * Starts MariaDB on a free port with an empty data folder and MySQL's strictness. `options` are further command line
 * options, such as `--read-only`; `recipe` is the path of a configuration file, for what they do not say.
 */
export async function startMariadb(options: readonly string[] = [], recipe?: string): Promise<SqlServer> {
  const [server, install] = [commandPath('mariadbd'), commandPath('mariadb-install-db')]
  return start({ server, install, options: [] }, options, recipe)
}

/** The same with MariaDB 11.8, the version of Debian 13. */
export async function startMariadb118(options: readonly string[] = []): Promise<SqlServer> {
  const [server, install] = [commandPath('mariadbd-11.8'), commandPath('mariadb-install-db-11.8')]
  return start({ server, install, options: [`--basedir=${join(TOOLS_FOLDER, 'mariadb-11.8/usr')}`] }, options)
}

async function start(programs: MariadbPrograms, options: readonly string[], recipe?: string): Promise<SqlServer> {
  const port = await freePort()
  return host('mariadb', async ({ folder, run }) => {
    // As root both programs refuse to run unless told that they may.
    const basics = [
      ...programs.options,
      `--datadir=${join(folder, 'data')}`,
      // Of its own: a server that starts removes the temporary tables that it finds there, whoever's they are.
      `--tmpdir=${folder}`,
      ...(process.getuid?.() === 0 ? ['--user=root'] : []),
    ]
    await promisify(execFile)(programs.install, ['--no-defaults', ...basics, ...EMPTY_FOLDER_OPTIONS])
    const server = await run({
      name: 'mariadbd',
      command: programs.server,
      args: [
        recipe === undefined ? '--no-defaults' : `--defaults-file=${recipe}`,
        ...basics,
        '--bind-address=127.0.0.1',
        `--socket=${join(folder, 'socket')}`,
        `--pid-file=${join(folder, 'pid')}`,
        `--port=${port}`,
        ...SERVER_OPTIONS,
        ...options,
      ],
      ready: async () => (await firstBytes(port))[4] === PROTOCOL_VERSION,
    })
    const url = `mysql://root@127.0.0.1:${port}`
    return Object.assign(server, { url, port, product: await productOf(url) })
  })
}
