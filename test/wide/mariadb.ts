import { spawnSync } from 'node:child_process'
import { commandPath, findCommand, type ServiceName } from '../services/catalogue.ts'

/** Where the suites are that ask for a database server. */
const FOLDERS = ['platform', 'analytics', 'paste', 'service', 'blackbox', 'cluster'].map((name) => `test/${name}`)

/** One run of `test/run.ts`: its arguments, and variables besides ours. */
export type Run = { args: readonly string[]; environment: Record<string, string> }

/**
 * `npm test` shares MySQL. These runs repeat all that it does there on MariaDB: on the machine's own, and on the version
 * after that.
 */
export function mariadbRuns(): Run[] {
  const named = (name: ServiceName): Run => ({
    args: [...FOLDERS, '--testNamePattern', 'on MariaDB'],
    environment: { TEST_SQL: name, TEST_LANE: '' },
  })
  return [named('mariadb'), ...(isInstalled('11.8') ? [] : [named('mariadb-11.8')])]
}

/** Whether the machine's own MariaDB is of this version. */
function isInstalled(version: string): boolean {
  if (!findCommand('mariadbd')) return false
  return spawnSync(commandPath('mariadbd'), ['--version'], { encoding: 'utf8' }).stdout.includes(` ${version}.`)
}
