import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { ok, post, readBack, type Sent } from './client.ts'
import type { Run } from './command.ts'
import type { Engine } from './engine.ts'
import { createContainers, createStack, lastWords, type StackOptions } from './stack.ts'
import type { Steps } from './steps.ts'

const SERVICES = ['app', 'mysql', 'store', 'redis']
const SIZES = { '1 KiB': 1024, '50 MiB': 50 * 1024 ** 2 }

/** Checks config/compose.yaml, through the one port that it publishes. */
export async function checkComposed(
  steps: Steps,
  run: Run,
  engine: Engine,
  options: StackOptions,
  port: number,
): Promise<void> {
  const origin = `http://127.0.0.1:${port}`
  const at = (signal: AbortSignal) => {
    const stack = createStack(run, engine, options, signal)
    return { ...createContainers(run, engine, signal), ...stack }
  }
  const up = async (signal: AbortSignal) => {
    const { compose, container, healthy } = at(signal)
    await compose('up', '-d', '--no-build')
    for (const service of SERVICES) await healthy(await container(service))
  }
  const sent: Sent[] = []

  await steps.check('compose says which secret is missing', 20_000, async (signal) => {
    const variables = `${options.variables}.none`
    await writeFile(variables, `PORT=${port}\n`)
    const bare = createStack(run, engine, { ...options, variables }, signal)
    await assert.rejects(bare.compose('config'), /set [A-Z0-9_]+ in \.env/)
  })
  try {
    await steps.must('compose brings app, MySQL, store and Redis up healthy', 180_000, up)
    await steps.check('/health/live and /health/ready answer 200', 10_000, async (signal) => {
      await ok(origin, '/health/live', signal)
      return (await ok(origin, '/health/ready', signal)).slice(0, 200)
    })
    for (const [name, bytes] of Object.entries(SIZES)) {
      await steps.check(`${name} come back byte for byte`, 60_000, async (signal) => {
        const paste = await post(origin, Uint8Array.from(randomBytes(bytes)), signal)
        sent.push(paste)
        await readBack(origin, paste, signal)
        assert.equal(paste.url, `http://localhost:${port}/${paste.slug}`)
      })
    }
    await steps.check('every container is confined, and only the app can be reached', 20_000, async (signal) => {
      const { container, inspect } = at(signal)
      for (const service of SERVICES) {
        const { HostConfig, NetworkSettings, State } = await inspect(await container(service))
        assert.equal(HostConfig.ReadonlyRootfs, true, `${service} can write its root file system`)
        assert.deepEqual(HostConfig.CapDrop, ['ALL'], `${service} has capabilities`)
        assert.ok(HostConfig.Memory > 0, `${service} has no memory limit`)
        assert.equal(State.OOMKilled, false)
        const published = Object.values(NetworkSettings.Ports).some((bindings) => bindings?.length)
        assert.equal(published, service === 'app', `${service} published: ${published}`)
      }
    })
    await steps.check('the app is user 1000, without capabilities, and can write /tmp only', 20_000, async (signal) => {
      const { container, docker } = at(signal)
      const script = 'id -u; grep -E "^(CapEff|NoNewPrivs)" /proc/1/status; touch /tmp/x; touch /app/x 2>&1'
      const words = await docker('exec', await container('app'), 'sh', '-c', `${script} || true`)
      assert.match(words, /^1000\nCapEff:\t0{16}\nNoNewPrivs:\t1\ntouch: .*Read-only file system$/)
    })
    await steps.check('docker stop ends the app with 0 within 30 s', 60_000, async (signal) => {
      const { container, stop } = at(signal)
      const { exitCode, tookMs } = await stop(await container('app'))
      assert.equal(exitCode, 0)
      assert.ok(tookMs < 30_000, `it took ${tookMs} ms`)
      return `${Math.round(tookMs)} ms`
    })
    await steps.check('pastes survive compose down and up', 180_000, async (signal) => {
      await at(signal).compose('down')
      await up(signal)
      for (const paste of sent) await readBack(origin, paste, signal)
      return `${sent.length} pastes`
    })
  } catch (error) {
    const { container } = at(AbortSignal.timeout(20_000))
    for (const service of SERVICES) {
      const id = await container(service).catch(() => '')
      if (id) process.stdout.write(`--- ${service}\n${await lastWords(run, engine, id)}\n`)
    }
    throw error
  } finally {
    await at(AbortSignal.timeout(120_000)).compose('down', '--volumes', '--remove-orphans')
  }
}
