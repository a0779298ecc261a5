import { execFile } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { createConnection, type RowDataPacket } from 'mysql2/promise'
import { patiently } from '../patience.ts'
import { asUser } from './as-user.ts'
import { commandPath } from './catalogue.ts'
import { host } from './host.ts'
import { EMPTY_FOLDER_OPTIONS, SERVER_OPTIONS } from './mariadb.ts'
import { freePort } from './ports.ts'
import { firstBytes } from './probe.ts'
import type { ServerProcess } from './process.ts'
import type { SqlCoordinates } from './sql-server.ts'

/** One node of a Galera cluster, at an address of its own; all nodes have the same port. */
export type GaleraNode = Omit<SqlCoordinates, 'product'> & ServerProcess & { address: string }

/**
 * Three MariaDB servers that hold the same data. Each but the last may be killed and restarted: it then gets the data
 * from the others (the last one began the cluster, and would begin another). `stop` ends them and removes their data.
 */
export type GaleraCluster = { nodes: readonly GaleraNode[]; stop(): Promise<void> }

const execute = promisify(execFile)
const RECIPE = fileURLToPath(new URL('../../config/galera/galera.cnf', import.meta.url))
const ADDRESSES = ['127.0.0.11', '127.0.0.12', '127.0.0.13']
/** As root, the servers run as the user that MariaDB's package makes: rsync hands nothing over to root. */
const USER = process.getuid?.() === 0 ? 'mysql' : undefined
const SYNCED = '4'
/** A newcomer copies all the data of another node first, by way of shell scripts. */
const READY_WITHIN_MS = patiently(60_000)

/** Starts three nodes with `config/galera`, one after the other: each newcomer gets its data from those before it. */
export async function startGalera(): Promise<GaleraCluster> {
  const ports = { sql: await freePort(), group: await freePort(), changes: await freePort(), copies: await freePort() }
  const [first = '', ...others] = ADDRESSES
  const recipe = readFileSync(RECIPE, 'utf8')
  return host('galera', async ({ folder, run }) => {
    chmodSync(folder, 0o711)
    const file = join(folder, 'galera.cnf')
    writeFileSync(file, recipe)
    const start = async (address: string, peers: readonly string[]) => {
      const place = join(folder, address)
      mkdirSync(join(place, 'data'), { recursive: true })
      const files = [`--datadir=${join(place, 'data')}`, `--tmpdir=${place}`]
      if (USER !== undefined) await execute('chown', ['-R', `${USER}:`, place])
      // The others get everything, the system tables included, from those that are there.
      if (peers.length === 0)
        await execute(commandPath('mariadb-install-db'), [
          '--no-defaults',
          ...files,
          ...(USER === undefined ? [] : [`--user=${USER}`]),
          ...EMPTY_FOLDER_OPTIONS,
        ])
      const node = await run({
        name: `Galera's node ${address}`,
        ...asUser('mysql', commandPath('mariadbd'), [
          `--defaults-file=${file}`,
          ...files,
          `--socket=${join(place, 'socket')}`,
          `--pid-file=${join(place, 'pid')}`,
          `--port=${ports.sql}`,
          `--bind-address=${address}`,
          ...SERVER_OPTIONS,
          `--wsrep-cluster-address=gcomm://${peers.map((peer) => `${peer}:${ports.group}`)}`,
          `--wsrep-node-address=${address}`,
          '--wsrep-sst-method=rsync',
          `--wsrep-sst-receive-address=${address}:${ports.copies}`,
          `--wsrep-provider-options=${providerOptions(recipe, address, ports)}`,
        ]),
        ready: () => isSynced(address, ports.sql),
        readyWithinMs: READY_WITHIN_MS,
      })
      return Object.assign(node, { address, port: ports.sql, url: `mysql://root@${address}:${ports.sql}` })
    }
    const last = await start(first, [])
    const nodes: GaleraNode[] = []
    for (const address of others) nodes.push(await start(address, ADDRESSES))
    return { nodes: [...nodes, last] }
  })
}

/** The recipe's own, with ports of ours and less room for changes that a node missed. */
function providerOptions(recipe: string, address: string, ports: { group: number; changes: number }): string {
  const given = /^wsrep_provider_options = "(.*)"$/m.exec(recipe)?.[1]
  const own = [
    'gcache.size=32M',
    `base_port=${ports.group}`,
    `gmcast.listen_addr=tcp://${address}:${ports.group}`,
    `ist.recv_addr=${address}:${ports.changes}`,
  ]
  return [given, ...own].join(';')
}

async function isSynced(address: string, port: number): Promise<boolean> {
  await firstBytes(port, undefined, address)
  const connection = await createConnection({ host: address, port, user: 'root', connectTimeout: 1_000 })
  try {
    const [rows] = await connection.query<RowDataPacket[]>("show status like 'wsrep_local_state'")
    return rows[0]?.Value === SYNCED
  } finally {
    connection.destroy()
  }
}
