import { execFile } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createConnection } from 'mysql2/promise'
import { commandPath } from './catalogue.ts'
import type { Place } from './host.ts'
import { EMPTY_FOLDER_OPTIONS } from './mariadb.ts'
import type { ServerProcess } from './process.ts'
import { recipeFile } from './vitess-programs.ts'

/** The MySQL server under one tablet: where it listens, and its number, which is its own in the whole cluster. */
export type TabletMysqld = { folder: string; socket: string; port: number; id: number }

/** Starts a server with an empty data folder and the accounts of Vitess; resolves when its socket answers. */
export type StartMysqld = (place: Place, mysqld: TabletMysqld) => Promise<ServerProcess>

/** What the recipe leaves to the place, and as little memory and waiting for disks as tests need. */
export function mysqldOptions({ folder, socket, port, id }: TabletMysqld): string[] {
  return [
    `--datadir=${join(folder, 'data')}`,
    `--tmpdir=${folder}`,
    ...(process.getuid?.() === 0 ? ['--user=root'] : []),
    `--socket=${socket}`,
    `--pid-file=${join(folder, 'pid')}`,
    `--port=${port}`,
    '--bind-address=127.0.0.1',
    `--server-id=${id}`,
    `--log-bin=${join(folder, 'data', 'binlog')}`,
    `--relay-log=${join(folder, 'data', 'relay')}`,
    '--max-connections=300',
    '--innodb-buffer-pool-size=64M',
    '--innodb-flush-log-at-trx-commit=2',
    '--performance-schema=OFF',
  ]
}

/** Whether the server answers at its socket, to the user that its tablet is. */
export async function answers({ socket }: TabletMysqld): Promise<boolean> {
  const connection = await createConnection({ socketPath: socket, user: 'vt_dba', connectTimeout: 1_000 })
  connection.destroy()
  return true
}

/** MariaDB, which is on every machine: good for primaries. Its replicas speak another language than Vitess's. */
export const startMariadbMysqld: StartMysqld = async ({ run }, mysqld) => {
  const basics = mysqldOptions(mysqld)
  const files = basics.filter((option) => /^--(datadir|tmpdir|user)=/.test(option))
  await promisify(execFile)(commandPath('mariadb-install-db'), ['--no-defaults', ...files, ...EMPTY_FOLDER_OPTIONS])
  // It reads one statement a line.
  const users = readFileSync(recipeFile('users.sql'), 'utf8')
    .replace(/^--.*$/gm, '')
    .replace(/\s+/g, ' ')
  const accounts = join(mysqld.folder, 'users.sql')
  writeFileSync(accounts, users.replaceAll('; ', ';\n'))
  return await run({
    name: `MariaDB ${mysqld.id}`,
    command: commandPath('mariadbd'),
    args: [
      `--defaults-file=${recipeFile('mysqld.cnf')}`,
      ...basics,
      '--innodb-log-file-size=32M',
      '--gtid-strict-mode=ON',
      '--log-slave-updates',
      `--init-file=${accounts}`,
    ],
    ready: () => answers(mysqld),
  })
}
