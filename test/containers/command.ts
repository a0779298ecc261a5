import { spawn } from 'node:child_process'
import { once } from 'node:events'

/** How {@link Run} runs a program. */
export type RunOptions = {
  /** Working folder; this process's own when absent. */
  cwd?: string
  /** Environment variables on top of those that the runner was made with; undefined removes one. */
  environment?: Readonly<Record<string, string | undefined>>
  /** Ends the program and everything that it started. */
  signal?: AbortSignal
}

/**
 * Runs a program to its end, without a shell and without input. Resolves with what it wrote to stdout, trimmed.
 * Throws an Error with the last lines of its output when it can't be started, is ended by the signal or exits non-zero.
 */
export type Run = (program: string, args: readonly string[], options?: RunOptions) => Promise<string>

const LAST_LINES = 40
const PATIENCE_MS = 5_000

/** Makes a runner whose programs see these environment variables. */
export function createRun(environment: Readonly<Record<string, string | undefined>>): Run {
  return async (program, args, options = {}) => {
    options.signal?.throwIfAborted()
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: { ...environment, ...options.environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      // A process group of its own, so that ending it ends what it started too.
      detached: true,
    })
    const end = (signal: NodeJS.Signals) => {
      if (child.pid !== undefined && child.exitCode === null && child.signalCode === null)
        process.kill(-child.pid, signal)
    }
    let patience: NodeJS.Timeout | undefined
    const abort = () => {
      end('SIGTERM')
      patience = setTimeout(end, PATIENCE_MS, 'SIGKILL')
    }
    options.signal?.addEventListener('abort', abort, { once: true })
    const output = { all: '', stdout: '' }
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output.stdout += text
      output.all += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      output.all += text
    })
    try {
      await once(child, 'close')
    } catch (cause) {
      throw new Error(`${program} can't be started`, { cause })
    } finally {
      clearTimeout(patience)
      options.signal?.removeEventListener('abort', abort)
    }
    options.signal?.throwIfAborted()
    if (child.exitCode === 0) return output.stdout.trim()
    const words = output.all.trim().split('\n').slice(-LAST_LINES).join('\n')
    throw new Error(`${program} ${args[0] ?? ''} ended with ${child.exitCode ?? child.signalCode}\n${words}`)
  }
}
