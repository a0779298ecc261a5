import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { findCommand } from '../services/catalogue.ts'
import { unpackDebian } from '../services/debian-unstable.ts'
import type { Run } from './command.ts'
import { type Engine, findEngine, startEngine } from './engine.ts'

/** Thrown when the machine can't have a Docker engine: why in the message, and what would make it run. */
export class CannotRun extends Error {
  readonly remedy: string
  constructor(why: string, remedy: string, options?: ErrorOptions) {
    super(why, options)
    this.remedy = remedy
  }
}

/** What an engine of our own needs, and the Debian packages that bring it. */
const TOOLS: Readonly<Record<string, string>> = {
  dockerd: 'docker.io',
  'docker-compose': 'docker-compose',
  mmdebstrap: 'mmdebstrap',
  iptables: 'iptables',
  ip: 'iproute2',
  pip: 'python3-pip',
}
// As the README calls it, `docker compose`: Debian 12 has the one before only, which stays where this can't be had.
const COMPOSE = ['docker-compose=2.*', 'docker-buildx']
// Not the first on PATH: a newer client without its build plugin can't build with this engine's BuildKit.
const DEBIAN_DOCKER = '/usr/bin/docker'
const ENGINE = 'start a Docker engine that can pull images'
const REMEDY = `${ENGINE}, or run it as root on Debian`

/** True on Debian as root: the one kind of machine where these tests have to run. */
export async function mayInstall(): Promise<boolean> {
  const release = await readFile('/etc/os-release', 'utf8').catch(() => '')
  return process.getuid?.() === 0 && /^ID=debian$/m.test(release)
}

/**
 * The engine to test with: one that answers already, else one of our own, whose packages are installed when missing
 * and whose images lie in `dataDir`. `own` tells which. Throws {@link CannotRun}.
 */
export async function haveEngine(run: Run, dataDir: string, signal: AbortSignal): Promise<Engine & { own: boolean }> {
  const found = await findEngine(run)
  if (found) return { ...found, own: false }
  if (!(await mayInstall())) throw new CannotRun('no Docker engine answers', REMEDY)
  if (!findCommand('go'))
    throw new CannotRun('there is no Go to build an S3 server with', `install Go 1.26 or later, or ${ENGINE}`)
  const packages = Object.entries(TOOLS).flatMap(([tool, name]) => (findCommand(tool) ? [] : [name]))
  try {
    if (packages.length > 0) await install(run, packages, signal)
    const client = `${dataDir}-client`
    const failure = unpackDebian(client, 'sid', COMPOSE)
    if (failure !== undefined) process.stderr.write(`docker-compose 1.29 instead of compose 2. Why: ${failure}.\n`)
    const plugins = join(client, 'usr/libexec/docker/cli-plugins')
    return { ...(await startEngine(run, DEBIAN_DOCKER, dataDir, plugins)), own: true }
  } catch (cause) {
    signal.throwIfAborted()
    throw new CannotRun(cause instanceof Error ? cause.message : String(cause), REMEDY, { cause })
  }
}

async function install(run: Run, packages: readonly string[], signal: AbortSignal): Promise<void> {
  const apt = ['-qq', '-o', 'DPkg::Lock::Timeout=300', '-o', 'Dpkg::Use-Pty=0']
  const environment = { DEBIAN_FRONTEND: 'noninteractive' }
  await run('apt-get', [...apt, 'update'], { environment, signal })
  await run('apt-get', [...apt, 'install', '-y', '--no-install-recommends', ...packages], { environment, signal })
}
