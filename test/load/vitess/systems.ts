import { join } from 'node:path'
import { findCommand } from '../../services/catalogue.ts'
import { createDatabase, startMariadb, startVitess, type VitessCluster } from '../../services/index.ts'
import { startMysql } from '../../services/mysql.ts'
import { mysqlMysqlds } from '../../services/vitess-mysql.ts'
import { unpin } from '../machine.ts'
import { type LoadedServer, startService } from '../servers.ts'

/** The service on two shards behind vtgate, and the same on one server of the same kind. */
export type Systems = { vitess: VitessCluster; sharded: LoadedSystem; direct: LoadedSystem } & AsyncDisposable

/** The service, and every process that works for it, itself included. */
export type LoadedSystem = LoadedServer & { pids: readonly number[] }

/** Without a cache each read asks the database; no sweep asks it beside. */
const SETTINGS = { CACHE_BYTES: '0', SWEEP_SCHEDULE: '0 0 1 1 *', MIGRATE_AT_START: 'true', LOG_LEVEL: 'error' }
/** What every server that has replicas writes, and those under the tablets do. */
const BINLOG = ['--log-bin=binlog', '--server-id=1']

/** Starts both, on MySQL 9.7 where it is there and else on MariaDB. */
export async function startSystems(folder: string): Promise<Systems> {
  const stops: (() => Promise<unknown>)[] = []
  const end = async () => {
    for (const stop of stops.splice(0).reverse()) await stop()
  }
  try {
    const hasMysql = findCommand('mysqld-9.7') !== undefined
    const vitess = await startVitess(
      hasMysql ? { startMysqld: mysqlMysqlds() } : { gateFlags: ['--enable-system-settings=false'] },
    )
    stops.push(() => vitess.stop())
    const server = await (hasMysql
      ? startMysql([...BINLOG, '--gtid-mode=ON', '--enforce-gtid-consistency'])
      : startMariadb(BINLOG))
    stops.push(() => server.stop())
    const database = await createDatabase(server)
    const start = async (name: string, url: string, behind: readonly number[]): Promise<LoadedSystem> => {
      const service = await startService(join(folder, name), { ...SETTINGS, DATABASE_URL: url })
      stops.push(() => service.end())
      unpin(service.pid)
      return Object.assign(service, { pids: [service.pid, ...behind] })
    }
    const machines = vitess.tablets.flatMap(({ mysqld, vttablet }) => [mysqld.pid, vttablet.pid])
    const sharded = await start('sharded', vitess.url, [vitess.vtgate.pid, ...machines])
    const direct = await start('direct', database.url, [server.pid])
    return { vitess, sharded, direct, [Symbol.asyncDispose]: end }
  } catch (error) {
    await end()
    throw error
  }
}
