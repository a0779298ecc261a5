import { setTimeout as delay } from 'node:timers/promises'
import type { Run } from './command.ts'
import type { Engine } from './engine.ts'

/** What an engine knows of a container, as far as it is asked here (`docker inspect`). */
export type Container = {
  State: { Status: string; ExitCode: number; OOMKilled: boolean; Health?: { Status: string } }
  Config: { Env: string[] }
  HostConfig: { ReadonlyRootfs: boolean; CapDrop: string[] | null; Memory: number }
  NetworkSettings: { Ports: Record<string, { HostIp: string; HostPort: string }[] | null> }
}

/** Containers on one engine. Every call throws with the engine's own words when it fails. */
export type Containers = {
  /** Runs `docker` with these arguments; gives its output. */
  docker(...args: string[]): Promise<string>
  inspect(container: string): Promise<Container>
  /** Waits until a container is healthy; throws when it ends before. */
  healthy(container: string): Promise<void>
  /** Stops a container as `docker stop` does; gives its exit code and how long it took. */
  stop(container: string): Promise<{ exitCode: number; tookMs: number }>
}

/** Containers of an engine; every call of it ends when the signal aborts. */
export function createContainers(run: Run, engine: Engine, signal: AbortSignal): Containers {
  const docker = (...args: string[]) => run(engine.docker, args, { environment: engine.environment, signal })
  const inspect = async (container: string): Promise<Container> =>
    JSON.parse(await docker('inspect', '--type=container', '--format={{json .}}', container))
  return {
    docker,
    inspect,
    async healthy(container) {
      for (;;) {
        const { State } = await inspect(container)
        if (State.Health?.Status === 'healthy') return
        if (State.Status !== 'running' && State.Status !== 'created') {
          throw new Error(`${container} is ${State.Status}, exit code ${State.ExitCode}`)
        }
        await delay(250, undefined, { signal })
      }
    },
    async stop(container) {
      const startedAt = performance.now()
      await docker('stop', '--time=40', container)
      const { State } = await inspect(container)
      return { exitCode: State.ExitCode, tookMs: performance.now() - startedAt }
    },
  }
}

/** The last lines that a container wrote, both streams. */
export async function lastWords(run: Run, engine: Engine, container: string): Promise<string> {
  const shell = ['-c', '"$0" logs --tail=15 "$1" 2>&1', engine.docker, container]
  return await run('sh', shell, { environment: engine.environment }).catch(String)
}

/** The services of a compose file. Every call throws with compose's own words when it fails. */
export type Stack = {
  /** Runs compose with these arguments; gives its output. */
  compose(...args: string[]): Promise<string>
  /** The ids of a service's containers. */
  containers(service: string): Promise<string[]>
}

/** Which compose, in which folder, which files there, and which project. Its variables lie beside the first file. */
export type StackOptions = { command: readonly string[]; folder: string; files: readonly string[]; project: string }

/** Compose on an engine; every call of it ends when the signal aborts. */
export function createStack(run: Run, engine: Engine, options: StackOptions, signal: AbortSignal): Stack {
  const [program = '', ...first] = options.command
  const files = options.files.flatMap((file) => ['-f', file])
  const compose = (...args: string[]) =>
    run(program, [...first, ...files, '-p', options.project, ...args], {
      cwd: options.folder,
      environment: engine.environment,
      signal,
    })
  return { compose, containers: async (service) => (await compose('ps', '-q', service)).split('\n').filter(Boolean) }
}

/** The compose that goes with an engine: the plugin, else the program of its own. */
export async function findCompose(run: Run, engine: Engine): Promise<string[]> {
  const plugin = [engine.docker, 'compose']
  const found = await run(engine.docker, ['compose', 'version'], { environment: engine.environment }).catch(() => '')
  return found ? plugin : ['docker-compose']
}
