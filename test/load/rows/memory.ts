import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { exchange, readSlowly, upload } from '../client.ts'
import { LARGE_BYTES, largeLog } from '../data.ts'
import { residentBytes } from '../machine.ts'
import { median, type Result, type Row } from '../result.ts'
import { type LoadedServer, startService } from '../servers.ts'

const MIB = 1_048_576
const REPETITIONS = 3
const SLOW_READERS = 32
const SLOW_BYTES_PER_SECOND = 10_000
const SETTLE_MS = 5_000

/** Peak memory of a fresh process while 50 MiB bodies pass. */
export const memory: Row = {
  name: 'memory',
  run: async (folder) => [await upAndDown(folder), await sixteenUp(folder), await slowReaders(folder)],
}

async function upAndDown(folder: string): Promise<Result> {
  const log = largeLog()
  const afterUp: number[] = []
  const ours = await inFreshProcesses(folder, 'both', async (service) => {
    const slugs = await Promise.all(Array.from({ length: 8 }, () => upload(service.port, log)))
    afterUp.push(residentBytes(service.pid, 'VmHWM') / MIB)
    await Promise.all([...slugs, ...slugs].map((slug) => readWhole(service.port, slug)))
  })
  const work = 'peak RSS, 8 × 50 MiB up, then 16 × down at once'
  const note = `${Math.round(median(afterUp))} MiB after the uploads`
  return { work, unit: 'MiB', ours, goals: [{ atMost: 256 }], note }
}

async function sixteenUp(folder: string): Promise<Result> {
  const log = largeLog()
  const ours = await inFreshProcesses(folder, 'up', async (service) => {
    await Promise.all(Array.from({ length: 16 }, () => upload(service.port, log)))
  })
  return { work: 'peak RSS, 16 × 50 MiB up at once', unit: 'MiB', ours, goals: [{ atMost: 384 }] }
}

/** Does the same to one new process after the other; gives the peak of each, MiB. */
async function inFreshProcesses(
  folder: string,
  name: string,
  work: (service: LoadedServer) => Promise<void>,
): Promise<number[]> {
  const peaks: number[] = []
  for (let time = 0; time < REPETITIONS; time++) {
    await using service = await startService(join(folder, `${name}-${time}`))
    await work(service)
    peaks.push(residentBytes(service.pid, 'VmHWM') / MIB)
  }
  return peaks
}

async function slowReaders(folder: string): Promise<Result> {
  await using service = await startService(join(folder, 'slow'))
  const slug = await upload(service.port, largeLog())
  // Caches full and buffers grown: what comes on top is the readers' own.
  for (let time = 0; time < 4; time++) await readWhole(service.port, slug)
  const beforeBytes = residentBytes(service.pid, 'VmRSS')
  // Each somewhere else, so that no two hold the same bytes.
  const readers = Array.from({ length: SLOW_READERS }, (_, index) =>
    readSlowly(service.port, `/raw/${slug}`, index * MIB, SLOW_BYTES_PER_SECOND),
  )
  await Promise.all(readers.map((reader) => reader.started))
  await delay(SETTLE_MS)
  const eachBytes = (residentBytes(service.pid, 'VmRSS') - beforeBytes) / SLOW_READERS
  for (const reader of readers) reader.end()
  return {
    work: 'what a reader at 10 KB/s holds',
    unit: 'MiB',
    ours: [Math.max(0, eachBytes / MIB)],
    goals: [{ atMost: 1 }],
    note: `growth with ${SLOW_READERS} of them, divided`,
  }
}

async function readWhole(port: number, slug: string): Promise<void> {
  const { status, bodyBytes } = await exchange(port, { method: 'GET', path: `/raw/${slug}` }, false)
  if (status !== 200 || bodyBytes !== LARGE_BYTES) throw new Error(`${bodyBytes} bytes came with status ${status}`)
}
