import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { exchange, upload } from '../client.ts'
import { LARGE_BYTES, largeLog } from '../data.ts'
import { write } from '../files.ts'
import { interleave } from '../interleave.ts'
import type { Row } from '../result.ts'
import { pinnedNode, startFileServer, startService } from '../servers.ts'
import { wrk } from '../wrk.ts'

const MEGA = 1_000_000

/** Uploads of the log, next to what compressing and hashing it costs alone. */
export const up: Row = {
  name: 'up',
  async run(folder) {
    const log = largeLog()
    await using service = await startService(join(folder, 'ours'))
    await using reference = startCompressor(write(folder, 'log', log))
    const ours = async () => {
      const startedAt = performance.now()
      await upload(service.port, log)
      return LARGE_BYTES / MEGA / ((performance.now() - startedAt) / 1_000)
    }
    const theirs = async () => LARGE_BYTES / MEGA / ((await reference.pass()) / 1_000)
    const contenders = {
      ours: { pid: service.pid, measure: ours },
      reference: { pid: reference.pid, measure: theirs },
    }
    const samples = await interleave(contenders, 9)
    return [
      {
        work: '50 MiB log up, stored compressed',
        unit: 'MB/s',
        ours: samples.ours,
        reference: { name: 'zstd -1 + SHA-256', samples: samples.reference },
        goals: [{ ofReference: 0.6 }, { atLeast: 332 }],
      },
    ]
  },
}

/** Downloads of the log, as it is and as it is stored; the latter next to nginx sending the same bytes. */
export const down: Row = {
  name: 'down',
  async run(folder) {
    const log = largeLog()
    await using service = await startService(join(folder, 'ours'))
    const slug = await upload(service.port, log)
    const { body } = await exchange(service.port, { method: 'GET', path: `/raw/${slug}` })
    if (!log.equals(body)) throw new Error('the log came back changed')
    const objects = join(folder, 'ours', 'data', 'objects')
    const object = readdirSync(objects, { recursive: true, encoding: 'utf8' }).find((name) => /^..\/./.test(name))
    await using nginx = await startFileServer(objects)
    const load = (port: number, name: string, path: string, headers: Record<string, string>) => {
      const file = write(folder, name, [path])
      const options = { port, connections: 4, seconds: 1, mode: 'paths', file, headers } as const
      return async () => (await wrk(options)).bytesPerSecond / MEGA
    }
    const zstd = { 'Accept-Encoding': 'zstd' }
    const samples = await interleave(
      {
        identity: { pid: service.pid, measure: load(service.port, 'identity', `/raw/${slug}`, {}) },
        zstd: { pid: service.pid, measure: load(service.port, 'zstd', `/raw/${slug}`, zstd) },
        nginx: { pid: nginx.pid, measure: load(nginx.port, 'stored', `/${object}`, {}) },
      },
      5,
    )
    return [
      { work: '50 MiB log down, identity', unit: 'MB/s', ours: samples.identity, goals: [{ atLeast: 700 }] },
      {
        work: 'the same to a reader that accepts zstd',
        unit: 'MB/s on the wire',
        ours: samples.zstd,
        reference: { name: 'nginx, the stored bytes', samples: samples.nginx },
        goals: [{ ofReference: 0.7 }],
      },
    ]
  },
}

/** The compressor alone; `pass` gives the milliseconds of one pass over the file. */
function startCompressor(file: string): { pid: number; pass(): Promise<number> } & AsyncDisposable {
  const script = fileURLToPath(new URL('../reference/compress.ts', import.meta.url))
  const [command, ...args] = pinnedNode(script)
  const child = spawn(command, args, {
    env: { FILE: file, PATH: process.env.PATH },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const lines = createInterface({ input: child.stdout })
  return {
    pid: child.pid ?? -1,
    async pass() {
      child.stdin.write('\n')
      const [line] = (await once(lines, 'line')) as [string]
      return Number(line)
    },
    async [Symbol.asyncDispose]() {
      const ended = once(child, 'exit')
      child.stdin.end()
      await ended
    },
  }
}
