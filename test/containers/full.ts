import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { post, readBack, type Sent } from './client.ts'
import type { Run } from './command.ts'
import type { Engine } from './engine.ts'
import { createContainers, createStack, lastWords, type StackOptions } from './stack.ts'
import type { Steps } from './steps.ts'

/** Volumes of a size that is soon full, in memory: all that differs from the shipped stack. */
const SMALL = `volumes:
  mysql: { driver_opts: { type: tmpfs, device: tmpfs, o: "size=400m,mode=1777" } }
  store: { driver_opts: { type: tmpfs, device: tmpfs, o: "size=96m,mode=1777" } }
`
const SMALL_FILE = 'config/small-volumes.yaml'
const LARGE_BYTES = 5 * 1024 ** 2
const SMALL_BYTES = 12_000
const MOST_CREATES = 20_000

type Volume = { service: string; folder: string; bytes: number }
const STORE: Volume = { service: 'store', folder: '/objects', bytes: LARGE_BYTES }
const DATABASE: Volume = { service: 'mysql', folder: '/var/lib/mysql', bytes: SMALL_BYTES }

/** Checks that a full volume is told to who creates, harms nothing that is there, and is over once there is room. */
export async function checkFull(
  steps: Steps,
  run: Run,
  engine: Engine,
  options: StackOptions,
  port: number,
): Promise<void> {
  const origin = `http://127.0.0.1:${port}`
  const stack = { ...options, files: [...options.files, SMALL_FILE] }
  const at = (signal: AbortSignal) => ({
    ...createContainers(run, engine, signal),
    ...createStack(run, engine, stack, signal),
  })
  const kept: Sent[] = []
  const create = async (bytes: number, signal: AbortSignal) => {
    const paste = await post(origin, Uint8Array.from(randomBytes(bytes)), signal)
    kept.push(paste)
    return paste
  }
  const shell = async (service: string, script: string, signal: AbortSignal) => {
    const { containers, docker } = at(signal)
    const [id = ''] = await containers(service)
    await docker('exec', id, 'sh', '-c', script)
  }

  try {
    await writeFile(join(options.folder, SMALL_FILE), SMALL)
    await steps.must('a stack with small volumes comes up', 300_000, async (signal) => {
      const { compose, containers, healthy } = at(signal)
      await compose('up', '-d', '--no-build', '--scale', 'app=2')
      for (const id of await containers('front')) await healthy(id)
      await create(LARGE_BYTES, signal)
      await create(SMALL_BYTES, signal)
    })
    for (const { service, folder, bytes } of [STORE, DATABASE]) {
      const name = `the volume of ${service} full: creates are refused, what is there can be read, and it heals`
      await steps.check(name, 300_000, async (signal) => {
        await shell(service, `cat /dev/zero > ${folder}/filler || true`, signal)
        const refusal = await refused(() => create(bytes, signal))
        assert.match(refusal, /answered (503|507) /)
        if (service === 'store') await create(SMALL_BYTES, signal)
        for (const paste of kept.slice(0, 2)) await readBack(origin, paste, signal)
        await shell(service, `rm ${folder}/filler`, signal)
        await until(() => create(bytes, signal), signal)
        for (const paste of kept) await readBack(origin, paste, signal)
        return `${kept.length} pastes; ${refusal.slice(0, 300)}`
      })
    }
  } catch (error) {
    const { containers } = at(AbortSignal.timeout(20_000))
    for (const service of ['app', 'mysql', 'store'])
      for (const id of await containers(service).catch(() => []))
        process.stdout.write(`--- ${service}\n${await lastWords(run, engine, id)}\n`)
    throw error
  } finally {
    await at(AbortSignal.timeout(120_000)).compose('down', '--volumes', '--remove-orphans')
  }
}

/** Creates until the first refusal, since files have room left inside; gives its words. */
async function refused(create: () => Promise<unknown>): Promise<string> {
  for (let count = 0; count < MOST_CREATES; count += 1) {
    const error = await create().then(
      () => undefined,
      (reason: unknown) => reason,
    )
    if (error !== undefined) return String(error)
  }
  throw new Error(`${MOST_CREATES} creates went well on a full volume`)
}

/** Repeats a create until it goes well. */
async function until(create: () => Promise<unknown>, signal: AbortSignal): Promise<void> {
  for (;;) {
    signal.throwIfAborted()
    if (
      await create().then(
        () => true,
        () => false,
      )
    )
      return
    await delay(1_000, undefined, { signal })
  }
}
