import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, openSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, onTestFinished, test } from 'vitest'
import { patiently } from '../patience.ts'
import { freePort } from '../services/index.ts'
import { create, send } from './client.ts'

const SERVER = fileURLToPath(new URL('../../src/server.ts', import.meta.url))

/** A service whose output is `stdio`; gives its process and its address once it answers. */
async function startWith(stdio: number | 'pipe') {
  const folder = mkdtempSync(join(tmpdir(), 'pastebin-log-'))
  const port = await freePort()
  const child = spawn(process.execPath, [SERVER], {
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      DATA_DIR: join(folder, 'data'),
      PORT: String(port),
      LOG_LEVEL: 'debug',
      RATE_LIMIT_MISS: 'off',
    },
    stdio: ['ignore', stdio, stdio],
  })
  onTestFinished(async () => {
    if (child.exitCode === null) {
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
    rmSync(folder, { recursive: true, force: true })
  })
  const url = `http://127.0.0.1:${port}`
  const alive = () =>
    fetch(`${url}/health/live`).then(
      ({ status }) => status,
      () => child.exitCode ?? 'not yet',
    )
  return { child, url, alive }
}

const answers = { timeout: patiently(20_000) }
const droppedLines = async (url: string) =>
  Number(/^paste_log_lines_dropped_total (\d+)$/m.exec(`${(await send(`${url}/metrics`)).bytes}`)?.[1])

/** It stores, reads, and ends as it is asked to. */
async function expectToWork(child: Awaited<ReturnType<typeof startWith>>['child'], url: string): Promise<void> {
  for (let count = 0; count < 20; count++) await send(`${url}/raw/nobody-has-it`)
  const { slug } = await create(url, 'kept')
  expect((await send(`${url}/raw/${slug}`)).bytes.toString()).toBe('kept')
  expect(await droppedLines(url)).toBeGreaterThan(0)
  const exit = once(child, 'exit')
  child.kill('SIGTERM')
  expect((await exit)[0]).toBe(0)
}

describe('a service', () => {
  test.runIf(existsSync('/dev/full'))(
    'whose log disk is full starts, serves, stops, and counts the lines',
    async () => {
      const { child, url, alive } = await startWith(openSync('/dev/full', 'w'))
      await expect.poll(alive, answers).toBe(200)
      await expectToWork(child, url)
    },
    patiently(40_000),
  )

  test(
    'whose log nobody reads any more goes on, and counts the lines',
    async () => {
      const { child, url, alive } = await startWith('pipe')
      child.stdout?.destroy()
      child.stderr?.destroy()
      await expect.poll(alive, answers).toBe(200)
      await expectToWork(child, url)
    },
    patiently(40_000),
  )

  test(
    'whose log is not read, and is full, is not held up',
    async () => {
      const { child, url, alive } = await startWith('pipe')
      child.stdout?.resume()
      child.stderr?.pause()
      await expect.poll(alive, answers).toBe(200)
      await expect
        .poll(async () => {
          await Promise.all(Array.from({ length: 300 }, () => send(`${url}/raw/nobody-has-it`)))
          return droppedLines(url)
        }, answers)
        .toBeGreaterThan(0)
      await expectToWork(child, url)
    },
    patiently(60_000),
  )
})
