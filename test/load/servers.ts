import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { freePort, startNginx } from '../services/index.ts'
import { accepts } from '../services/probe.ts'
import { type ServerProcess, startProcess } from '../services/process.ts'
import { pin, SERVER_CORE } from './machine.ts'

/** A server under load, alone on its core; ended by `end` or at the end of the scope that uses it. */
export type LoadedServer = { pid: number; port: number; end(): Promise<void> } & AsyncDisposable

const SERVICE = fileURLToPath(new URL('../../src/server.ts', import.meta.url))

/** The environment in which the service is measured: embedded, its defaults, no limit on one client's requests. */
export function serviceEnvironment(folder: string, port: number): Record<string, string> {
  mkdirSync(folder, { recursive: true })
  return {
    PATH: process.env.PATH ?? '',
    // The compile cache lies there: ours, not the one of the machine's user.
    TMPDIR: folder,
    PORT: `${port}`,
    DATA_DIR: join(folder, 'data'),
    RATE_LIMIT_CREATE: 'off',
    RATE_LIMIT_UPLOAD: 'off',
    RATE_LIMIT_READ: 'off',
    RATE_LIMIT_MISS: 'off',
  }
}

/** The command that runs a script of ours on the servers' core. */
export function pinnedNode(script: string): [command: string, ...args: string[]] {
  return ['taskset', '-c', `${SERVER_CORE}`, process.execPath, '--max-semi-space-size=4', '--v8-pool-size=1', script]
}

/** Starts the service on a free port, with further settings; its data lies in `<folder>/data`. */
export function startService(folder: string, settings: Record<string, string> = {}): Promise<LoadedServer> {
  return start('the service', SERVICE, (port) => ({ ...serviceEnvironment(folder, port), ...settings }))
}

/** Starts one of the scripts in `reference/` that are servers, such as `insert`. */
export function startReference(name: 'insert' | 'memory', environment: Record<string, string>): Promise<LoadedServer> {
  const script = fileURLToPath(new URL(`reference/${name}.ts`, import.meta.url))
  return start(name, script, (port) => ({ ...environment, PORT: `${port}` }))
}

/** Starts an nginx that sends the files of a folder under `/`, as they are. */
export async function startFileServer(folder: string): Promise<LoadedServer> {
  const block = ({ port }: { port: number }) => `
    sendfile on;
    tcp_nopush on;
    keepalive_requests 1000000;
    server {
      listen 127.0.0.1:${port};
      root ${folder};
    }`
  const server = await startNginx(block)
  // The worker is forked after the port is open.
  let worker = Number.NaN
  while (Number.isNaN(worker)) {
    await delay(5)
    worker = Number.parseInt(readFileSync(`/proc/${server.pid}/task/${server.pid}/children`, 'utf8'), 10)
  }
  pin(worker, SERVER_CORE)
  return loaded(worker, server.port, () => server.stop())
}

async function start(
  name: string,
  script: string,
  environmentFor: (port: number) => Record<string, string>,
): Promise<LoadedServer> {
  const port = await freePort()
  const variables = Object.entries(environmentFor(port)).map(([variable, value]) => `${variable}=${value}`)
  const server: ServerProcess = await startProcess({
    name,
    command: '/usr/bin/env',
    args: ['-i', ...variables, ...pinnedNode(script)],
    ready: () => accepts(port),
    endSignal: 'SIGTERM',
  })
  return loaded(server.pid, port, () => server.end())
}

function loaded(pid: number, port: number, end: () => Promise<void>): LoadedServer {
  return { pid, port, end, [Symbol.asyncDispose]: end }
}
