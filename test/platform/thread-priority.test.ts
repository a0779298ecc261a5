import { execFileSync } from 'node:child_process'
import { platform } from 'node:os'
import { expect, test } from 'vitest'

// In a process of its own, whose threads are nobody else's.
const SCRIPT = `
import { readdirSync, readFileSync } from 'node:fs'
import { lowerPoolPriority } from './src/platform/thread-priority.ts'
await lowerPoolPriority()
const threads = readdirSync('/proc/self/task').map((thread) => {
  // proc_pid_stat(5): the name in brackets, then the 17th field is the nice value.
  const [, name, rest] = /^\\d+ \\((.*)\\) (.*)$/.exec(readFileSync('/proc/self/task/' + thread + '/stat', 'utf8').trim())
  return { name: thread === String(process.pid) ? 'main' : name, nice: Number(rest.split(' ')[16]) }
})
process.stdout.write(JSON.stringify(threads))
`

test.runIf(platform() === 'linux')('threads of the pool give way to the event loop, and no others do', () => {
  const output = execFileSync(process.execPath, ['--input-type=module-typescript', '--eval', SCRIPT], {
    encoding: 'utf8',
  })
  const threads: { name: string; nice: number }[] = JSON.parse(output)
  const pool = threads.filter(({ name }) => name === 'libuv-worker')
  const own = threads.find(({ name }) => name === 'main')?.nice ?? Number.NaN
  expect(pool.length).toBeGreaterThan(0)
  expect(new Set(pool.map(({ nice }) => nice))).toEqual(new Set([Math.max(own, 10)]))
  for (const { name, nice } of threads) if (name !== 'libuv-worker') expect(nice).toBe(own)
})
