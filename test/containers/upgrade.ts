import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { post, readBack, type Sent } from './client.ts'
import type { Run } from './command.ts'
import type { Engine } from './engine.ts'
import { imagesOf } from './images.ts'
import { underLoad, unhurt } from './scaled.ts'
import { createContainers, createStack, type StackOptions } from './stack.ts'
import type { Steps } from './steps.ts'

/** The commit whose stack may run where this version is installed over it. On MySQL 9.7 it can't make its tables. */
const FORMER_VERSION = '6eae383'
const FORMER_IMAGE = 'extended-pastebin:former'

/** What an upgrade is tried with: the checkout of today, and the repository that has the former one. */
export type UpgradeOptions = { root: string; folder: string; stack: StackOptions; port: number }

/** Checks that the former version's stack, with data in it and on MariaDB, becomes this version's by `compose up`. */
export async function checkUpgrade(steps: Steps, run: Run, engine: Engine, options: UpgradeOptions): Promise<void> {
  const origin = `http://127.0.0.1:${options.port}`
  const folder = join(options.folder, 'former')
  // Today's servers under the former version too, whose names for them nothing here brings.
  const images = imagesOf(await readFile(join(options.root, 'config/compose.yaml'), 'utf8'))
  const servers = Object.fromEntries(images.map(({ service, image }) => [`${service.toUpperCase()}_IMAGE`, image]))
  const settings = { ...servers, MYSQL_IMAGE: 'mariadb:11.8' }
  const at = (stack: StackOptions, variables: Record<string, string>, signal: AbortSignal) => {
    const led = { ...engine, environment: { ...engine.environment, ...settings, ...variables } }
    return { ...createContainers(run, led, signal), ...createStack(run, led, stack, signal) }
  }
  const former = (signal: AbortSignal) => at({ ...options.stack, folder }, { PASTE_IMAGE: FORMER_IMAGE }, signal)
  const current = (signal: AbortSignal) => at(options.stack, {}, signal)
  const sent: Sent[] = []

  try {
    await steps.must('the former version comes up with data in it', 300_000, async (signal) => {
      await mkdir(folder)
      const archive = 'git -C "$1" archive "$2" | tar -x -C "$3" && cp "$4" "$3/config/.env"'
      const env = join(options.stack.folder, 'config/.env')
      await run('sh', ['-ec', archive, 'sh', options.root, FORMER_VERSION, folder, env], { signal })
      await run(
        'sh',
        [
          '-ec',
          'cp -a "$1" "$2"',
          'sh',
          join(options.stack.folder, 'config/compose/secrets'),
          join(folder, 'config/compose/'),
        ],
        { signal },
      )
      await run(engine.docker, ['build', '--tag', FORMER_IMAGE, folder], { environment: engine.environment, signal })
      await former(signal).compose('up', '-d', '--no-build')
      const { containers, healthy } = former(signal)
      for (const id of await containers('front')) await healthy(id)
      for (const bytes of [1_000, 200_000, 5_000_000])
        sent.push(await post(origin, Uint8Array.from(randomBytes(bytes)), signal))
    })
    await steps.check('compose up with this version keeps all of it', 240_000, async (signal) => {
      const { compose, containers, healthy, docker } = current(signal)
      await compose('up', '-d', '--no-build')
      for (const service of ['app', 'front']) for (const id of await containers(service)) await healthy(id)
      for (const id of await containers('app'))
        assert.doesNotMatch(await docker('inspect', '--format={{.Config.Image}}', id), /former/)
      for (const paste of sent) await readBack(origin, paste, signal)
      return unhurt(await underLoad(origin, signal, async () => undefined))
    })
  } finally {
    await current(AbortSignal.timeout(120_000)).compose('down', '--volumes', '--remove-orphans')
  }
}
