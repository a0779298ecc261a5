import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)
const SCRIPT = fileURLToPath(new URL('wrk.lua', import.meta.url))

/** What wrk is to send. */
export type Load = {
  port: number
  connections: number
  seconds: number
  /** `paths`: GET one of the lines of `file` at random; `bodies`: POST its blocks of 4 KiB, each made different. */
  mode: 'paths' | 'bodies'
  file: string
  headers?: Record<string, string>
}

/** What wrk saw; `errors` counts broken connections, time-outs and answers of 400 and above. */
export type Throughput = {
  requests: number
  perSecond: number
  bytesPerSecond: number
  p50Ms: number
  p99Ms: number
  errors: number
}

/** Puts load on a server from one thread. Throws when a single answer is an error: such a figure would mean nothing. */
export async function wrk(load: Load): Promise<Throughput> {
  const throughput = await wrkThroughFaults(load)
  if (throughput.errors > 0) throw new Error(`${throughput.errors} of ${throughput.requests} answers were errors`)
  return throughput
}

/** The same for load while something is being hurt: errors are counted, not thrown. */
export async function wrkThroughFaults(load: Load): Promise<Throughput> {
  const { port, connections, seconds, mode, file, headers = {} } = load
  const { stdout } = await run('wrk', [
    '-t1',
    `-c${connections}`,
    `-d${seconds}s`,
    ...Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]),
    '-s',
    SCRIPT,
    `http://127.0.0.1:${port}`,
    '--',
    mode,
    file,
  ])
  const line = stdout.trim().split('\n').at(-1) ?? ''
  return JSON.parse(line) as Throughput
}
