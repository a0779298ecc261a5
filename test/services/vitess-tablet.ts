import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { createConnection, type RowDataPacket } from 'mysql2/promise'
import type { Place } from './host.ts'
import { freePort } from './ports.ts'
import { accepts } from './probe.ts'
import type { ServerProcess } from './process.ts'
import type { StartMysqld, TabletMysqld } from './vitess-mysqld.ts'
import { VITESS_ENVIRONMENT, vitessCommand } from './vitess-programs.ts'

/** A MySQL server and the tablet beside it, as one machine of a shard has them. */
export type VitessTablet = {
  /** What Vitess calls it. */
  alias: string
  shard: string
  mysqld: ServerProcess
  vttablet: ServerProcess
  /** The machine dies: both are killed. */
  kill(): Promise<void>
  /** The machine is back. */
  restart(): Promise<void>
  /** Runs a statement at its MySQL server, past Vitess. */
  execute(statement: string): Promise<RowDataPacket[]>
}

/** What the tablets of one cluster have in common. */
export type TabletFleet = {
  place: Place
  cell: string
  keyspace: string
  topology: readonly string[]
  startMysqld: StartMysqld
}

const START_WITHIN_MS = 60_000

/** Starts both on free ports. The tablet is a replica until somebody makes it the primary. */
export async function startTablet(fleet: TabletFleet, shard: string, id: number): Promise<VitessTablet> {
  const { place, cell, keyspace, topology } = fleet
  const folder = join(place.folder, `tablet-${id}`)
  mkdirSync(folder)
  const data = join(folder, 'data')
  const server: TabletMysqld = { folder, socket: join(folder, 'socket'), port: await freePort(), id }
  const mysqld = await fleet.startMysqld(place, server)
  const [port, grpcPort] = [await freePort(), await freePort()]
  const alias = `${cell}-${id}`
  const vttablet = await place.run({
    name: `vttablet ${alias}`,
    ...vitessCommand('vttablet', [
      ...topology,
      `--tablet-path=${alias}`,
      '--tablet-hostname=127.0.0.1',
      `--init-keyspace=${keyspace}`,
      `--init-shard=${shard}`,
      '--init-tablet-type=replica',
      `--port=${port}`,
      '--bind-address=127.0.0.1',
      `--grpc-port=${grpcPort}`,
      '--grpc-bind-address=127.0.0.1',
      '--service-map=grpc-queryservice,grpc-tabletmanager,grpc-updatestream',
      `--db-socket=${server.socket}`,
      `--mycnf-socket-file=${server.socket}`,
      `--mycnf-mysql-port=${server.port}`,
      `--mycnf-server-id=${id}`,
      `--mycnf-data-dir=${data}`,
      `--mycnf-pid-file=${join(folder, 'pid')}`,
      `--mycnf-error-log-path=${join(folder, 'error.log')}`,
      `--mycnf-slow-log-path=${join(folder, 'slow.log')}`,
      `--mycnf-bin-log-path=${join(data, 'binlog')}`,
      `--mycnf-relay-log-path=${join(data, 'relay')}`,
      `--mycnf-relay-log-index-path=${join(data, 'relay.index')}`,
      `--mycnf-relay-log-info-path=${join(data, 'relay.info')}`,
      `--mycnf-master-info-file=${join(data, 'master.info')}`,
      `--mycnf-innodb-data-home-dir=${data}`,
      `--mycnf-innodb-log-group-home-dir=${data}`,
      `--mycnf-tmp-dir=${folder}`,
      '--mycnf-secure-file-priv=',
      '--log-format=text',
    ]),
    environment: { ...VITESS_ENVIRONMENT, VTDATAROOT: place.folder },
    ready: () => accepts(grpcPort),
    readyWithinMs: START_WITHIN_MS,
  })
  return {
    alias,
    shard,
    mysqld,
    vttablet,
    kill: async () => void (await Promise.all([mysqld.kill(), vttablet.kill()])),
    async restart() {
      await mysqld.restart()
      await vttablet.restart()
    },
    async execute(statement) {
      const connection = await createConnection({ socketPath: server.socket, user: 'vt_dba' })
      try {
        const [rows] = await connection.query<RowDataPacket[]>(statement)
        return rows
      } finally {
        connection.destroy()
      }
    },
  }
}
