import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { patiently } from '../patience.ts'

/** The service as its own process, as a user would start it. */
export type Service = {
  /** Where it listens, without a trailing slash; another one after {@link Service.restart}. */
  readonly url: string
  readonly pid: number
  /** Everything it wrote so far, standard output and error, over all restarts. */
  output(): string
  /** Sends a signal and resolves with the exit code (null when the signal ended it). */
  kill(signal: NodeJS.Signals): Promise<number | null>
  /** Sends a signal and doesn't wait. */
  signal(signal: NodeJS.Signals): void
  /** Resolves with the exit code once the process is gone. */
  ended(): Promise<number | null>
  /** Starts it again with the same environment, on a new port; ends it by SIGKILL first if it runs. */
  restart(): Promise<void>
  /** Ends it as an operator would, and removes the folder that was made for it. */
  stop(): Promise<void>
}

const SERVER = fileURLToPath(new URL('../../src/server.ts', import.meta.url))
/** Has the kernel end the service with us, also when we are killed ourselves; it runs under the same process id. */
const DIES_WITH_US = existsSync('/usr/bin/setpriv') ? ['/usr/bin/setpriv', '--pdeathsig', 'KILL', '--'] : []
const STARTS_WITHIN_MS = patiently(20_000)

/** Settings that suit a test: no limits on requests, short expiries, a sweep every second. */
const PRESETS = {
  PORT: '0',
  RATE_LIMIT_CREATE: 'off',
  RATE_LIMIT_UPLOAD: 'off',
  RATE_LIMIT_MISS: 'off',
  MIN_EXPIRY: '1s',
  SWEEP_SCHEDULE: '* * * * * *',
  LOG_LEVEL: 'warn',
}

/**
 * Starts `src/server.ts` with nothing in its environment but `environment` and {@link PRESETS}. Without a `DATA_DIR`
 * it gets a temporary one. `server` is another version's `src/server.ts`, `descriptors` how many it may open. Throws
 * with its output when it doesn't start.
 */
export async function startService(
  environment: Record<string, string> = {},
  server = SERVER,
  descriptors?: number,
): Promise<Service> {
  const folder = mkdtempSync(join(tmpdir(), 'pastebin-service-'))
  const settings = { DATA_DIR: join(folder, 'data'), ...PRESETS, ...environment }
  let output = ''
  const removeFolder = () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  const start = () => launch({ server, descriptors }, folder, settings, (text) => (output += text))
  let { child, url } = await start().catch((error) => {
    removeFolder()
    throw error
  })
  const end = async (signal: NodeJS.Signals) => {
    if (!hasEnded(child)) {
      const exit = once(child, 'exit')
      child.kill(signal)
      await exit
    }
    return child.exitCode
  }
  return {
    get url() {
      return url
    },
    get pid() {
      return child.pid ?? -1
    },
    output: () => output,
    kill: end,
    signal: (signal) => void child.kill(signal),
    async ended() {
      if (!hasEnded(child)) await once(child, 'exit')
      return child.exitCode
    },
    async restart() {
      await end('SIGKILL')
      ;({ child, url } = await start())
    },
    async stop() {
      await end('SIGTERM')
      removeFolder()
    },
  }
}

/** Runs the server until it ends by itself, for settings with which it must not start. */
export async function runToEnd(environment: Record<string, string>): Promise<{ code: number | null; output: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'pastebin-service-'))
  let output = ''
  const settings = { DATA_DIR: join(folder, 'data'), ...PRESETS, ...environment }
  const child = spawnServer({ server: SERVER }, folder, settings, (text) => (output += text))
  const [code] = (await once(child, 'close')) as [number | null]
  rmSync(folder, { recursive: true, force: true })
  return { code, output }
}

async function launch(
  program: Program,
  folder: string,
  settings: Record<string, string>,
  onOutput: (text: string) => void,
): Promise<{ child: ChildProcess; url: string }> {
  let said = ''
  const child = spawnServer(program, folder, settings, (text) => {
    said += text
    onOutput(text)
    child.emit('said')
  })
  const deadline = AbortSignal.timeout(STARTS_WITHIN_MS)
  for (;;) {
    const url = /^ {2}open {2}(http\S+)\/$/m.exec(said)?.[1]
    if (url !== undefined) return { child, url }
    if (hasEnded(child)) throw new Error(`the service ended with ${child.exitCode ?? child.signalCode}:\n${said}`)
    await once(child, 'said', { signal: deadline }).catch(() => {
      child.kill('SIGKILL')
      throw new Error(`the service did not start:\n${said}`)
    })
  }
}

type Program = { server: string; descriptors?: number | undefined }

function spawnServer(
  { server, descriptors }: Program,
  folder: string,
  settings: Record<string, string>,
  onOutput: (text: string) => void,
): ChildProcess {
  // An environment and a working folder of its own: neither our variables nor a .env file may change what is tested.
  const limited = descriptors === undefined ? [] : ['sh', '-c', `ulimit -n ${descriptors}; exec "$0" "$@"`]
  const command = [...limited, ...DIES_WITH_US, process.execPath, server]
  const child = spawn(command[0] ?? '', command.slice(1), {
    cwd: folder,
    // Compiled code is shared by all services of a run, whose data folders are new.
    env: { PATH: process.env.PATH, TMPDIR: tmpdir(), NODE_COMPILE_CACHE: join(tmpdir(), 'compiled'), ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const killChild = () => void child.kill('SIGKILL')
  process.once('exit', killChild)
  child.once('close', () => {
    process.off('exit', killChild)
    child.emit('said')
  })
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', onOutput)
  return child
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null
}
