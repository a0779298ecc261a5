import { execFile } from 'node:child_process'
import { setPriority } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { exchange, readSlowly, upload } from '../client.ts'
import { LARGE_BYTES, largeLog, SMALL_BYTES } from '../data.ts'
import { LOAD_CORE, pin, residentBytes, unpin } from '../machine.ts'
import type { Result, Row } from '../result.ts'
import { type LoadedServer, startService as startPinned } from '../servers.ts'

const MIB = 1_048_576
const REPETITIONS = 3
const LARGE_AT_ONCE = 16
const SLOW_READERS = 64
const SLOW_BYTES_PER_SECOND = 100_000
const GREPS = 2
const SMALL_READS = 400
const EVERY_MS = 10
const SENDER_NICE = 10
const SMALL_READER = fileURLToPath(new URL('../small-reads.ts', import.meta.url))
/** The library looks at the loop so often, and its figure holds this time as well. */
const LOOKS_EVERY_MS = 10

/** A service that is full of 50 MiB bodies: what its event loop, its memory and its small readers have of that. */
export const busy: Row = {
  name: 'busy',
  onlyWhenNamed: true,
  async run(folder) {
    // Compression has threads of its own: on one core with the event loop it would be their scheduling that is measured.
    unpin(process.pid)
    try {
      return await measure(folder)
    } finally {
      pin(process.pid, LOAD_CORE)
    }
  },
}

async function measure(folder: string): Promise<Result[]> {
  const log = largeLog()
  const delays: number[] = []
  const peaks: number[] = []
  const idle: number[] = []
  const loaded: number[] = []
  for (let time = 0; time < REPETITIONS; time++) {
    delays.push(await loopDelay(join(folder, `loop-${time}`), log))
    const seen = await besideLarge(join(folder, `beside-${time}`), log)
    peaks.push(seen.peakMib)
    idle.push(seen.idleMs)
    loaded.push(seen.loadedMs)
  }
  const rows: Result[] = [
    {
      work: `event-loop delay p99, ${LARGE_AT_ONCE} × 50 MiB up, as many down, and greps`,
      unit: 'ms',
      ours: delays,
      goals: [{ atMost: 20 }],
    },
    {
      work: `peak RSS, ${LARGE_AT_ONCE} × 50 MiB up beside ${SLOW_READERS} slow downloads`,
      unit: 'MiB',
      ours: peaks,
      goals: [{ atMost: 384 }],
    },
    {
      work: 'small reads beside that, p99 to p99 of an idle service',
      unit: '×',
      ours: loaded.map((ms, index) => ms / (idle[index] ?? Number.NaN)),
      goals: [{ atMost: 2 }],
      note: `${idle.map((ms) => ms.toFixed(1)).join(', ')} ms idle`,
    },
  ]
  return rows
}

/** Milliseconds that the loop was late at most in 99 % of its turns, while large bodies pass in both directions. */
async function loopDelay(folder: string, log: Buffer): Promise<number> {
  await using service = await startService(folder)
  const slug = await upload(service.port, log)
  await loopDelayMs(service)
  const work = largeWork(service, slug, log)
  const downloads = Array.from({ length: LARGE_AT_ONCE }, () => readWhole(service.port, `/raw/${slug}`))
  await Promise.all([...work, ...downloads])
  return await loopDelayMs(service)
}

/** Peak memory, and how late small reads are, without and beside uploads and slow downloads. */
async function besideLarge(
  folder: string,
  log: Buffer,
): Promise<{ peakMib: number; idleMs: number; loadedMs: number }> {
  await using service = await startService(folder)
  const slug = await upload(service.port, log)
  const small = await upload(service.port, log.subarray(0, SMALL_BYTES))
  const idleMs = await smallReads(service.port, small)
  const readers = Array.from({ length: SLOW_READERS }, (_, index) =>
    readSlowly(service.port, `/raw/${slug}`, (index % 50) * MIB, SLOW_BYTES_PER_SECOND),
  )
  await Promise.all(readers.map((reader) => reader.started))
  let measuring = true
  const uploads = Array.from({ length: LARGE_AT_ONCE }, async () => {
    while (measuring) await upload(service.port, log)
  })
  const loadedMs = await smallReads(service.port, small)
  measuring = false
  await Promise.all(uploads)
  for (const reader of readers) reader.end()
  return { peakMib: residentBytes(service.pid, 'VmHWM') / MIB, idleMs, loadedMs }
}

/** Starts the service, and lets this process give way to it: clients are elsewhere, as a rule, and not in its way. */
async function startService(folder: string): Promise<LoadedServer> {
  beNice(0)
  const service = await startPinned(folder)
  unpin(service.pid)
  beNice(SENDER_NICE)
  return service
}

function beNice(nice: number): void {
  try {
    setPriority(nice)
  } catch {
    // Only root may go back to 0, for the next service.
  }
}

function largeWork({ port }: LoadedServer, slug: string, log: Buffer): Promise<unknown>[] {
  const uploads = Array.from({ length: LARGE_AT_ONCE }, () => upload(port, log))
  const greps = Array.from({ length: GREPS }, () =>
    exchange(port, { method: 'GET', path: `/raw/${slug}?grep=nothing+like+this` }, false),
  )
  return [...uploads, ...greps]
}

/** How long small reads take from the time they were due, p99 in ms; by a process that has nothing else to do. */
async function smallReads(port: number, slug: string): Promise<number> {
  const options = [`${port}`, slug, `${SMALL_READS}`, `${EVERY_MS}`]
  const { stdout } = await promisify(execFile)(process.execPath, [SMALL_READER, ...options])
  const took: number[] = JSON.parse(stdout)
  return took.sort((a, b) => a - b)[Math.floor(took.length * 0.99)] ?? Number.NaN
}

/** The event loop's delay since it was last asked for, p99. */
async function loopDelayMs({ port }: LoadedServer): Promise<number> {
  const { body } = await exchange(port, { method: 'GET', path: '/metrics' })
  return Number(/^nodejs_eventloop_lag_p99_seconds (\S+)$/m.exec(body.toString())?.[1]) * 1_000 - LOOKS_EVERY_MS
}

async function readWhole(port: number, path: string): Promise<void> {
  const { status, bodyBytes } = await exchange(port, { method: 'GET', path }, false)
  if (status !== 200 || bodyBytes !== LARGE_BYTES) throw new Error(`${bodyBytes} bytes came with status ${status}`)
}
