import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { patiently } from '../patience.ts'
import { findCommand } from './catalogue.ts'

/** A running server program that a test can hurt. It dies with the process that started it. */
export type ServerProcess = {
  /** The process id; another one after {@link restart}. */
  readonly pid: number
  /** Freezes the server (SIGSTOP): connections are accepted by the kernel and never answered. */
  pause(): void
  /** Wakes a frozen server (SIGCONT). */
  resume(): void
  /** Ends the server as a crash (SIGKILL, the default) or politely would, and resolves when it is gone. */
  kill(signal?: 'SIGKILL' | 'SIGTERM' | 'SIGINT' | 'SIGQUIT'): Promise<void>
  /** Ends the server, if it runs, the way that leaves nothing behind: by its command's `endSignal`. */
  end(): Promise<void>
  /** Ends the server if it runs, starts it again with the same arguments, and resolves when it answers. */
  restart(): Promise<void>
}

/** How a server program is started. */
export type ServerCommand = {
  /** What people call it, for error messages. */
  name: string
  /** Full path of the program. It has to stay in the foreground. */
  command: string
  args: readonly string[]
  /** Variables besides ours. */
  environment?: Readonly<Record<string, string>>
  /** True once the server answers; asked again every 10 ms. A rejection counts as false. */
  ready(): Promise<boolean>
  /** How long it may take to answer. Default 20 s. */
  readyWithinMs?: number
  /** How it is ended, also when this process dies. Default SIGKILL. */
  endSignal?: 'SIGKILL' | 'SIGTERM'
  /** Text to add to the error when it does not start: what it wrote to a log file. */
  log?(): string
}

const READY_WITHIN_MS = patiently(20_000)
const LAST_WORDS_BYTES = 4096

/** Starts a server program and waits until it answers. Throws, with its last output, when it ends or stays silent. */
export async function startProcess(options: ServerCommand): Promise<ServerProcess> {
  const endSignal = options.endSignal ?? 'SIGKILL'
  let current = await startOnce(options, endSignal)
  const endWith = async (signal: NodeJS.Signals) => {
    if (hasEnded(current)) return
    const ended = once(current, 'exit')
    current.kill(signal)
    if (signal !== 'SIGKILL') current.kill('SIGCONT')
    await ended
  }
  return {
    get pid() {
      return current.pid ?? -1
    },
    pause: () => void current.kill('SIGSTOP'),
    resume: () => void current.kill('SIGCONT'),
    kill: (signal = 'SIGKILL') => endWith(signal),
    end: () => endWith(endSignal),
    async restart() {
      await endWith(endSignal)
      current = await startOnce(options, endSignal)
    },
  }
}

async function startOnce(options: ServerCommand, endSignal: 'SIGKILL' | 'SIGTERM'): Promise<ChildProcess> {
  // The kernel ends the server with us, however we end: nothing is left behind by a killed test run.
  const guard = findCommand('setpriv')
  const [command = '', ...args] = [
    ...(guard ? [guard, '--pdeathsig', endSignal.slice(3), '--'] : []),
    options.command,
    ...options.args,
  ]
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...options.environment },
  })
  let output = ''
  let failure: Error | undefined
  child.once('error', (error) => {
    failure = error
  })
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-LAST_WORDS_BYTES)
    })
  }
  const deadline = performance.now() + (options.readyWithinMs ?? READY_WITHIN_MS)
  while (performance.now() < deadline) {
    if (failure || hasEnded(child)) break
    if (await options.ready().catch(() => false)) return child
    await delay(10)
  }
  const reason =
    failure?.message ?? (hasEnded(child) ? `ended with ${child.exitCode ?? child.signalCode}` : 'is silent')
  if (child.pid !== undefined && !hasEnded(child)) {
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  throw new Error(
    `${options.name} did not start: ${reason}\n${output}${options.log?.().slice(-LAST_WORDS_BYTES) ?? ''}`,
  )
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null
}
