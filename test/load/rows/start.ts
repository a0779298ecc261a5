import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { freePort } from '../../services/index.ts'
import { exchange } from '../client.ts'
import { residentBytes } from '../machine.ts'
import type { Row } from '../result.ts'
import { pinnedNode, serviceEnvironment } from '../servers.ts'

const MIB = 1_048_576
const STARTS = 10
const POLL_MS = 2
const IDLE_MS = 2_000
const SERVICE = fileURLToPath(new URL('../../../src/server.ts', import.meta.url))

/** From the start of the process to its first 200, and its memory when nobody asks anything. */
export const start: Row = {
  name: 'start',
  async run(folder) {
    const cold: number[] = []
    const warm: number[] = []
    const idle: number[] = []
    for (let time = 0; time < STARTS; time++) {
      // A new folder has no compiled code in it; the second start finds what the first left.
      const home = join(folder, `${time}`)
      cold.push((await startOnce(home)).toFirst200Ms)
      const second = await startOnce(home, time < 3)
      warm.push(second.toFirst200Ms)
      if (second.idleBytes !== undefined) idle.push(second.idleBytes / MIB)
    }
    return [
      { work: 'start → first 200', unit: 'ms', ours: warm, goals: [{ atMost: 400 }] },
      { work: 'the very first start', unit: 'ms', ours: cold, goals: [], note: 'nothing compiled, no database yet' },
      { work: 'idle RSS', unit: 'MiB', ours: idle, goals: [{ atMost: 110 }] },
    ]
  },
}

async function startOnce(home: string, measureIdle = false): Promise<{ toFirst200Ms: number; idleBytes?: number }> {
  const port = await freePort()
  const env = serviceEnvironment(home, port)
  const startedAt = performance.now()
  const [command, ...args] = pinnedNode(SERVICE)
  const child = spawn(command, args, { env, stdio: 'ignore' })
  const ended = once(child, 'exit')
  try {
    while (!(await answers(port))) await delay(POLL_MS)
    const toFirst200Ms = performance.now() - startedAt
    if (!measureIdle) return { toFirst200Ms }
    await delay(IDLE_MS)
    return { toFirst200Ms, idleBytes: residentBytes(child.pid ?? -1, 'VmRSS') }
  } finally {
    child.kill('SIGTERM')
    await ended
  }
}

async function answers(port: number): Promise<boolean> {
  try {
    return (await exchange(port, { method: 'GET', path: '/', headers: { accept: 'text/html' } })).status === 200
  } catch {
    return false
  }
}
