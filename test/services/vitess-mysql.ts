import { execFile } from 'node:child_process'
import { constants, cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { commandPath } from './catalogue.ts'
import { TOOLS_FOLDER } from './tools.ts'
import { answers, mysqldOptions, type StartMysqld } from './vitess-mysqld.ts'
import { recipeFile } from './vitess-programs.ts'

const BASICS = [
  `--basedir=${join(TOOLS_FOLDER, 'mysql-9.7', 'usr')}`,
  ...(process.getuid?.() === 0 ? ['--user=root'] : []),
]

/** MySQL 9.7, which has to be there: what Vitess is made for, replicas and all. */
export function mysqlMysqlds(): StartMysqld {
  let template: Promise<string> | undefined
  return async ({ folder, run }, mysqld) => {
    // Making an empty data folder takes seconds, and each server begins with the same.
    template ??= makeTemplate(join(folder, 'empty'))
    cpSync(await template, join(mysqld.folder, 'data'), { recursive: true, mode: constants.COPYFILE_FICLONE })
    return await run({
      name: `MySQL ${mysqld.id}`,
      command: commandPath('mysqld-9.7'),
      args: [
        `--defaults-file=${recipeFile('mysqld.cnf')}`,
        ...BASICS,
        ...mysqldOptions(mysqld),
        '--innodb-redo-log-capacity=32M',
        '--secure-file-priv=',
        '--mysqlx=OFF',
        '--report-host=127.0.0.1',
      ],
      ready: () => answers(mysqld),
      readyWithinMs: 60_000,
    })
  }
}

async function makeTemplate(data: string): Promise<string> {
  await promisify(execFile)(commandPath('mysqld-9.7'), [
    '--no-defaults',
    ...BASICS,
    '--initialize-insecure',
    `--datadir=${data}`,
    `--init-file=${recipeFile('users.sql')}`,
    '--innodb-redo-log-capacity=16M',
    '--secure-file-priv=',
  ])
  // The identity of one server.
  rmSync(join(data, 'auto.cnf'))
  return data
}
