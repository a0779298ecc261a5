import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { exchange, upload, uploadMany } from '../client.ts'
import { LARGE_BYTES, largeLog } from '../data.ts'
import { smallBodies, write } from '../files.ts'
import { interleave } from '../interleave.ts'
import { SERVER_CORE } from '../machine.ts'
import type { Row } from '../result.ts'
import { startService } from '../servers.ts'
import { wrk } from '../wrk.ts'

const MEGA = 1_000_000
// Nine lines of the log have it: what is measured is the search, not the answer.
const NEEDLE = 'request=ffff'

/** A hundred lines in the middle of the log, next to a raw read of 4 KiB from the same service. */
export const lines: Row = {
  name: 'lines',
  async run(folder) {
    await using service = await startService(join(folder, 'ours'))
    const slug = await upload(service.port, largeLog())
    const [small] = await uploadMany(service.port, smallBodies(1))
    const load = (name: string, path: string) => {
      const options = { port: service.port, connections: 32, seconds: 2, mode: 'paths' } as const
      const file = write(folder, name, [path])
      return { pid: service.pid, measure: async () => (await wrk({ ...options, file })).perSecond }
    }
    const samples = await interleave(
      { ours: load('lines', `/raw/${slug}?lines=400000-400100`), reference: load('small', `/raw/${small}`) },
      5,
    )
    return [
      {
        work: '?lines=400000-400100 of 50 MiB, warm',
        unit: '/s',
        ours: samples.ours,
        reference: { name: 'raw read 4 KiB', samples: samples.reference },
        goals: [{ ofReference: 0.5 }],
      },
    ]
  },
}

/** A search through the log, next to `zstd -dc | grep -nF` on the same core. */
export const grep: Row = {
  name: 'grep',
  async run(folder) {
    const log = largeLog()
    await using service = await startService(join(folder, 'ours'))
    const slug = await upload(service.port, log)
    await using reference = await startGrep(write(folder, 'log', log))
    const pace = (startedAt: number) => LARGE_BYTES / MEGA / ((performance.now() - startedAt) / 1_000)
    const ours = async () => {
      const startedAt = performance.now()
      const { status, body } = await exchange(service.port, { method: 'GET', path: `/raw/${slug}?grep=${NEEDLE}` })
      const found = body.toString().split('\n').length - 1
      if (status !== 200 || found !== reference.matches) throw new Error(`${status}: ${found} lines were found`)
      return pace(startedAt)
    }
    const theirs = async () => {
      const startedAt = performance.now()
      await reference.pass()
      return pace(startedAt)
    }
    const contenders = {
      ours: { pid: service.pid, measure: ours },
      reference: { pid: reference.pid, measure: theirs },
    }
    const samples = await interleave(contenders, 15)
    return [
      {
        work: '?grep= through 50 MiB',
        unit: 'MB/s',
        ours: samples.ours,
        reference: { name: 'zstd -dc, piped to grep -nF', samples: samples.reference },
        goals: [{ ofReference: 1 / 1.5 }],
      },
    ]
  },
}

/** A shell that compresses a file, then searches it once for each `pass`; `matches` is what it found. */
async function startGrep(file: string) {
  const script = 'zstd -1 -q -f "$1" && while read -r _; do zstd -dc "$1.zst" | grep -nF "$2" | wc -l; done'
  const shell = spawn('taskset', ['-c', `${SERVER_CORE}`, 'bash', '-c', script, 'grep', file, NEEDLE], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const counts = createInterface({ input: shell.stdout })
  const pass = async () => {
    shell.stdin.write('\n')
    const [count] = (await once(counts, 'line')) as [string]
    return Number(count)
  }
  return {
    pid: shell.pid ?? -1,
    pass,
    matches: await pass(),
    async [Symbol.asyncDispose]() {
      const ended = once(shell, 'exit')
      shell.stdin.end()
      await ended
    },
  }
}
