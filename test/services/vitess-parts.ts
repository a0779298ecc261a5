import { chmodSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Place } from './host.ts'
import { freePort } from './ports.ts'
import { accepts } from './probe.ts'
import { control, etcdFile, VITESS_ENVIRONMENT, vitessCommand } from './vitess-programs.ts'

/** The cell that all parts are in. */
export const CELL = 'here'
const START_WITHIN_MS = 60_000

/** Starts etcd and names the cell; gives the flags by which every part finds it. */
export async function startTopology({ folder, run }: Place): Promise<string[]> {
  const [clients, peers] = [await freePort(), await freePort()]
  const at = (port: number) => `http://127.0.0.1:${port}`
  await run({
    name: 'etcd',
    command: etcdFile(),
    args: [
      `--data-dir=${join(folder, 'etcd')}`,
      `--listen-client-urls=${at(clients)}`,
      `--advertise-client-urls=${at(clients)}`,
      `--listen-peer-urls=${at(peers)}`,
      `--initial-advertise-peer-urls=${at(peers)}`,
      `--initial-cluster=default=${at(peers)}`,
      '--unsafe-no-fsync',
    ],
    ready: async () => (await fetch(`${at(clients)}/health`, { signal: AbortSignal.timeout(1_000) })).ok,
  })
  const address = `127.0.0.1:${clients}`
  const topology = [
    '--topo-implementation=etcd2',
    `--topo-global-server-address=${address}`,
    '--topo-global-root=/vitess/global',
  ]
  await control('internal', topology, ['AddCellInfo', `--root=/vitess/${CELL}`, `--server-address=${address}`, CELL])
  return topology
}

/** Starts vtctld; gives the address at which the client finds it. */
export async function startControl({ folder, run }: Place, topology: readonly string[]): Promise<string> {
  const [port, grpcPort] = [await freePort(), await freePort()]
  await run({
    name: 'vtctld',
    ...vitessCommand('vtctld', [
      ...topology,
      `--port=${port}`,
      '--bind-address=127.0.0.1',
      `--grpc-port=${grpcPort}`,
      '--grpc-bind-address=127.0.0.1',
      '--service-map=grpc-vtctl,grpc-vtctld',
      '--log-format=text',
    ]),
    environment: { ...VITESS_ENVIRONMENT, VTDATAROOT: folder },
    ready: () => accepts(grpcPort),
  })
  return `127.0.0.1:${grpcPort}`
}

/** Starts vtorc, which looks after the primaries. */
export async function startOrc({ folder, run }: Place, topology: readonly string[]): Promise<void> {
  const port = await freePort()
  const data = join(folder, 'vtorc')
  mkdirSync(data)
  chmodSync(data, 0o777)
  await run({
    name: 'vtorc',
    ...vitessCommand('vtorc', [
      ...topology,
      `--cell=${CELL}`,
      `--port=${port}`,
      '--bind-address=127.0.0.1',
      `--sqlite-data-file=${join(data, 'vtorc.db')}`,
      '--log-format=text',
    ]),
    environment: { ...VITESS_ENVIRONMENT, VTDATAROOT: folder },
    ready: () => accepts(port),
  })
}

/** Starts vtgate, which the service connects to. */
export async function startGate({ folder, run }: Place, topology: readonly string[], flags: readonly string[]) {
  const [port, webPort, grpcPort] = [await freePort(), await freePort(), await freePort()]
  const vtgate = await run({
    name: 'vtgate',
    ...vitessCommand('vtgate', [
      ...topology,
      `--cell=${CELL}`,
      `--cells-to-watch=${CELL}`,
      '--tablet-types-to-wait=PRIMARY',
      `--port=${webPort}`,
      '--bind-address=127.0.0.1',
      `--grpc-port=${grpcPort}`,
      '--grpc-bind-address=127.0.0.1',
      `--mysql-server-port=${port}`,
      '--mysql-server-bind-address=127.0.0.1',
      '--mysql-auth-server-impl=none',
      '--service-map=grpc-vtgateservice',
      '--log-format=text',
      ...flags,
    ]),
    environment: { ...VITESS_ENVIRONMENT, VTDATAROOT: folder },
    ready: () => accepts(port),
    readyWithinMs: START_WITHIN_MS,
  })
  return { vtgate, port, gateUrl: `http://127.0.0.1:${webPort}`, url: `mysql://root@127.0.0.1:${port}` }
}
