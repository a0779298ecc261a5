import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createConnection } from 'mysql2/promise'
import { commandPath } from './catalogue.ts'
import { host } from './host.ts'
import { freePort } from './ports.ts'
import { firstBytes } from './probe.ts'
import type { ServerProcess } from './process.ts'

/** Where a MariaDB server listens. `url` names no database: see {@link createDatabase}. User root, no password. */
export type MariadbCoordinates = { url: string; port: number }

/** A MariaDB server of one's own. `stop` ends it and removes its data; `kill` and `restart` keep the data. */
export type MariadbServer = MariadbCoordinates & ServerProcess & { stop(): Promise<void> }

/** A database of one's own on a server. `url` is what `DATABASE_URL` takes. */
export type Database = { url: string; name: string; drop(): Promise<void> }

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

/**
 * Starts MariaDB on a free port with an empty data folder and MySQL's strictness. `options` are further command line
 * options, such as `--read-only`; `recipe` is the path of a configuration file, for what they do not say.
 */
export async function startMariadb(options: readonly string[] = [], recipe?: string): Promise<MariadbServer> {
  const port = await freePort()
  return host('mariadb', async ({ folder, run }) => {
    // As root both programs refuse to run unless told that they may.
    const basics = [
      `--datadir=${join(folder, 'data')}`,
      // Of its own: a server that starts removes the temporary tables that it finds there, whoever's they are.
      `--tmpdir=${folder}`,
      ...(process.getuid?.() === 0 ? ['--user=root'] : []),
    ]
    await promisify(execFile)(commandPath('mariadb-install-db'), ['--no-defaults', ...basics, ...EMPTY_FOLDER_OPTIONS])
    const server = await run({
      name: 'mariadbd',
      command: commandPath('mariadbd'),
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
    return Object.assign(server, { url: `mysql://root@127.0.0.1:${port}`, port })
  })
}

/** Makes an empty database with a random name, so that test files can share one server. */
export async function createDatabase(server: MariadbCoordinates): Promise<Database> {
  const name = `t_${randomBytes(8).toString('hex')}`
  await run(server, `CREATE DATABASE ${name} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`)
  return { url: `${server.url}/${name}`, name, drop: () => run(server, `DROP DATABASE IF EXISTS ${name}`) }
}

async function run(server: MariadbCoordinates, statement: string): Promise<void> {
  const connection = await createConnection(server.url)
  try {
    await connection.query(statement)
  } finally {
    await connection.end()
  }
}
