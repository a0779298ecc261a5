import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import packageFile from '../../package.json' with { type: 'json' }

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Runs `npm run dev`'s command in a copy of the service, whose files may be changed; gives what it writes. */
function startDev(): { copy: string; output: Readable } {
  const copy = mkdtempSync(join(tmpdir(), 'dev-'))
  for (const path of ['src', 'migrations', 'package.json'])
    cpSync(join(root, path), join(copy, path), { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
  const child = spawn('sh', ['-c', packageFile.scripts.dev.replace('--inspect', '--inspect=0')], {
    cwd: copy,
    env: { PATH: [join(root, 'node_modules', '.bin'), process.env.PATH].join(delimiter), PORT: '0' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onTestFinished(async () => {
    const exit = once(child, 'exit')
    child.kill('SIGTERM')
    await exit
    rmSync(copy, { recursive: true, force: true, maxRetries: 5 })
  })
  child.stderr.resume()
  return { copy, output: child.stdout.setEncoding('utf8') }
}

async function nextUrl(output: Readable): Promise<string> {
  for (let text = ''; ; ) {
    const url = /open {2}(http\S+)\n/.exec(text)?.[1]
    if (url) return url
    const [chunk] = await once(output, 'data')
    text += chunk
  }
}

test('npm run dev serves, and starts again when a file changes, scripts and styles included', async () => {
  const { copy, output } = startDev()
  const first = await nextUrl(output)
  const made = await fetch(first, { method: 'PUT', body: 'kept over the restart' })
  const paste = (await made.text()).trim()
  appendFileSync(join(copy, 'src', 'web', 'browser', 'styles', 'base.css'), '\n')
  const second = await nextUrl(output)
  expect(second).not.toBe(first)
  const read = await fetch(new URL(`/raw${new URL(paste).pathname}`, second))
  expect(await read.text()).toBe('kept over the restart')
})
