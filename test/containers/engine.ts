import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { host } from '../services/host.ts'
import type { Run } from './command.ts'
import { keepNetwork } from './network.ts'

/** A Docker engine that containers can be run on. */
export type Engine = {
  /** The docker command line. */
  docker: string
  /** Variables that lead docker and docker-compose to this engine. */
  environment: Readonly<Record<string, string>>
  /** Removes the containers and ends the engine if it is ours. */
  stop(): Promise<void>
}

/** The engine that the environment leads to, if one answers: images are pulled there, and it is left running. */
export async function findEngine(run: Run): Promise<Engine | undefined> {
  try {
    await run('docker', ['version', '--format', '{{.Server.Version}}'], { signal: AbortSignal.timeout(5_000) })
    return { docker: 'docker', environment: {}, stop: async () => undefined }
  } catch {
    return undefined
  }
}

/**
 * Starts an engine of our own, as root, that shares nothing with another one: images and build cache in `dataDir`
 * (kept for the next run), everything else in a temporary folder. `plugins` is a folder of the command line's plugins,
 * compose among them. It dies with this process. After {@link Engine.stop}
 * no process, bridge, mount or packet filter rule of it is left. Throws when dockerd does not answer within 20 s.
 */
export async function startEngine(run: Run, docker: string, dataDir: string, plugins: string): Promise<Engine> {
  const network = await keepNetwork(run)
  try {
    const server = await host('docker', async ({ folder, run: start }) => {
      const socket = join(folder, 'docker.sock')
      const log = join(folder, 'log')
      const program = await start({
        name: 'dockerd',
        command: '/bin/sh',
        // What dockerd starts goes on writing after it; a pipe that nobody reads would stop it.
        args: [
          '-c',
          'log="$1"; shift; exec dockerd "$@" > "$log" 2>&1',
          'sh',
          log,
          ...options(folder, socket, dataDir),
        ],
        ready: () => answers(socket),
        endSignal: 'SIGTERM',
        log: () => readFileSync(log, 'utf8').slice(-2_000),
      })
      const configuration = join(folder, 'config')
      mkdirSync(configuration)
      if (existsSync(plugins)) symlinkSync(plugins, join(configuration, 'cli-plugins'))
      const environment = { DOCKER_HOST: `unix://${socket}`, DOCKER_BUILDKIT: '1', DOCKER_CONFIG: configuration }
      // Containers of a run that was killed, which the engine starts again with itself.
      await sweep(run, docker, environment)
      return Object.assign(program, { environment })
    })
    const { environment } = server
    const end = () => server.stop().finally(network.restore)
    return { docker, environment, stop: () => sweep(run, docker, environment).finally(end) }
  } catch (error) {
    await network.restore()
    throw error
  }
}

async function sweep(run: Run, docker: string, environment: Engine['environment']): Promise<void> {
  // Fails where there is none.
  await run(docker, ['swarm', 'leave', '--force'], { environment }).catch(() => undefined)
  const containers = await run(docker, ['ps', '-aq'], { environment })
  if (containers) await run(docker, ['rm', '-fv', ...containers.split('\n')], { environment })
  for (const kind of ['network', 'volume', 'image']) await run(docker, [kind, 'prune', '--force'], { environment })
  await run(docker, ['builder', 'prune', '--force', '--keep-storage=1gb'], { environment })
}

function options(folder: string, socket: string, dataDir: string): string[] {
  return [
    ...['-H', `unix://${socket}`],
    ...['--data-root', dataDir],
    // Beside the data: a second run on the same data is refused instead of waiting for ever.
    ...['--pidfile', `${dataDir}.pid`],
    ...['--exec-root', join(folder, 'exec')],
  ]
}

function answers(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const ping = request({ socketPath, path: '/_ping', timeout: 1_000 }, (answer) => {
      answer.resume()
      resolve(answer.statusCode === 200)
    })
    ping.once('error', () => resolve(false))
    ping.once('timeout', () => ping.destroy())
    ping.end()
  })
}
