import { execFile } from 'node:child_process'
import { constants, cpSync, existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { commandPath } from './catalogue.ts'
import { host } from './host.ts'
import { freePort } from './ports.ts'
import { firstBytes } from './probe.ts'
import { productOf, type SqlServer } from './sql-server.ts'
import { TOOLS_FOLDER } from './tools.ts'

const FOLDER = join(TOOLS_FOLDER, 'mysql-9.7')
const PROTOCOL_VERSION = 10
/** The first start on a data folder may have to wait for a slow disk. */
const READY_WITHIN_MS = 60_000

// As root it refuses to run unless told that it may.
const BASICS = [`--basedir=${join(FOLDER, 'usr')}`, ...(process.getuid?.() === 0 ? ['--user=root'] : [])]

/** As little memory and waiting for disks as tests need. */
const SERVER_OPTIONS = [
  '--skip-name-resolve',
  '--character-set-server=utf8mb4',
  '--collation-server=utf8mb4_bin',
  '--max-connections=500',
  '--max-allowed-packet=128M',
  '--innodb-buffer-pool-size=64M',
  '--innodb-redo-log-capacity=32M',
  '--innodb-flush-log-at-trx-commit=2',
  '--performance-schema=OFF',
  '--skip-log-bin',
  '--mysqlx=OFF',
  '--secure-file-priv=',
]

/** An empty data folder lets root in from the name `localhost` alone, and this server looks up no names. */
const LET_ROOT_IN = `CREATE USER IF NOT EXISTS 'root'@'127.0.0.1' IDENTIFIED WITH caching_sha2_password BY '';
GRANT ALL ON *.* TO 'root'@'127.0.0.1' WITH GRANT OPTION;
`

/** Starts MySQL 9.7 on a free port with an empty data folder. `options` are further ones, such as `--read-only`. */
export async function startMysql(options: readonly string[] = []): Promise<SqlServer> {
  const port = await freePort()
  const template = await emptyDataFolder()
  return host('mysql', async ({ folder, run }) => {
    const initFile = join(folder, 'init.sql')
    writeFileSync(initFile, LET_ROOT_IN)
    cpSync(template, join(folder, 'data'), { recursive: true, mode: constants.COPYFILE_FICLONE })
    const server = await run({
      name: 'mysqld',
      command: commandPath('mysqld-9.7'),
      args: [
        '--no-defaults',
        ...BASICS,
        `--datadir=${join(folder, 'data')}`,
        `--tmpdir=${folder}`,
        '--bind-address=127.0.0.1',
        `--socket=${join(folder, 'socket')}`,
        `--pid-file=${join(folder, 'pid')}`,
        `--port=${port}`,
        `--init-file=${initFile}`,
        ...SERVER_OPTIONS,
        ...options,
      ],
      ready: async () => (await firstBytes(port))[4] === PROTOCOL_VERSION,
      readyWithinMs: READY_WITHIN_MS,
    })
    const url = `mysql://root@127.0.0.1:${port}`
    return Object.assign(server, { url, port, product: await productOf(url) })
  })
}

/** The data folder that every server starts with a copy of: to make one takes MySQL seconds. Made once, beside the program. */
async function emptyDataFolder(): Promise<string> {
  const made = join(FOLDER, 'empty')
  if (existsSync(made)) return made
  const draft = mkdtempSync(join(FOLDER, 'draft-'))
  const data = join(draft, 'data')
  try {
    await promisify(execFile)(commandPath('mysqld-9.7'), [
      '--no-defaults',
      ...BASICS,
      '--initialize-insecure',
      `--datadir=${data}`,
      '--innodb-redo-log-capacity=16M',
      '--secure-file-priv=',
    ])
    // The identity of one server.
    rmSync(join(data, 'auto.cnf'))
    renameSync(data, made)
  } catch (error) {
    // Another process may have been quicker.
    if (!existsSync(made)) throw error
  } finally {
    rmSync(draft, { recursive: true, force: true })
  }
  return made
}
