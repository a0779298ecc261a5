import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { runSuite } from './black-box.ts'
import { readmeCommands } from './checkout.ts'
import { ok, post, readBack, type Sent } from './client.ts'
import type { Run } from './command.ts'
import type { Engine } from './engine.ts'
import { checkRestart } from './restart.ts'
import { checkScaling } from './scaled.ts'
import { createContainers, createStack, lastWords, type StackOptions } from './stack.ts'
import type { Steps } from './steps.ts'

const SERVICES = ['front', 'app', 'mysql', 'store', 'redis']
const REPLICAS = 3
const SIZES = { '1 KiB': 1024, '50 MiB': 50 * 1024 ** 2 }

/**
 * Checks config/compose.yaml in a fresh checkout as the README says, from its first command on, through the one port that
 * it publishes.
 */
export async function checkComposed(
  steps: Steps,
  run: Run,
  engine: Engine,
  options: StackOptions,
  port: number,
): Promise<void> {
  const origin = `http://127.0.0.1:${port}`
  const at = (signal: AbortSignal) => ({
    ...createContainers(run, engine, signal),
    ...createStack(run, engine, options, signal),
  })
  const up = async (signal: AbortSignal) => {
    const { compose, containers, healthy } = at(signal)
    await compose('up', '-d', '--no-build')
    for (const service of SERVICES) {
      for (const container of await containers(service)) await healthy(container)
    }
    assert.equal((await containers('app')).length, REPLICAS)
  }
  const type = async (command: string, signal: AbortSignal) => {
    const typed = command
      .replace(/^docker compose /, `${options.command.join(' ')} `)
      .replace(/ -p \S+ /, ` -p ${options.project} `)
    await run('sh', ['-ec', typed], { cwd: options.folder, environment: engine.environment, signal })
  }
  const showWords = async (services: readonly string[]) => {
    const { containers } = at(AbortSignal.timeout(20_000))
    for (const service of services) {
      for (const id of await containers(service).catch(() => []))
        process.stdout.write(`--- ${service}\n${await lastWords(run, engine, id)}\n`)
    }
  }
  const sent: Sent[] = []

  try {
    const commands = await readmeCommands()
    await steps.check('without its secret no server starts', 60_000, (signal) =>
      assert.rejects(at(signal).compose('up', '-d', '--no-build', 'redis'), /redis_password/),
    )
    await steps.must('every secret is made, once', 10_000, async (signal) => {
      const folder = join(options.folder, 'config/compose/secrets')
      const make = async () => {
        await type(commands.secrets, signal)
        return (await readdir(folder)).map((name) => readFileSync(join(folder, name), 'utf8')).join()
      }
      assert.equal(await make(), await make())
      return commands.secrets
    })
    const parts = `nginx, ${REPLICAS} replicas, MySQL, store and Redis`
    await steps.must(`the README's command brings ${parts} up`, 300_000, async (signal) => {
      await type(commands.up, signal)
      await up(signal)
      return commands.up
    })
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
    await steps.check('every container is confined, and only nginx can be reached', 60_000, async (signal) => {
      const { containers, inspect } = at(signal)
      for (const service of SERVICES) {
        const [container = ''] = await containers(service)
        const { Config, HostConfig, NetworkSettings, State } = await inspect(container)
        assert.equal(HostConfig.ReadonlyRootfs, true, `${service} can write its root file system`)
        assert.deepEqual(HostConfig.CapDrop, ['ALL'], `${service} has capabilities`)
        assert.ok(HostConfig.Memory > 0, `${service} has no memory limit`)
        assert.equal(State.OOMKilled, false)
        const published = Object.values(NetworkSettings.Ports).some((bindings) => bindings?.length)
        assert.equal(published, service === 'front', `${service} published: ${published}`)
        const secrets = Config.Env.filter((variable) => /(PASSWORD|TOKEN|SECRET(_ACCESS)?_KEY)=./.test(variable))
        assert.deepEqual(secrets, [], `${service} has secrets in its environment`)
      }
    })
    await steps.check(
      'a replica is user 1000, without capabilities, and can write /tmp only',
      20_000,
      async (signal) => {
        const { containers, docker } = at(signal)
        const script = 'id -u; grep -E "^(CapEff|NoNewPrivs)" /proc/1/status; touch /tmp/x; touch /app/x 2>&1'
        const [replica = ''] = await containers('app')
        const words = await docker('exec', replica, 'sh', '-c', `${script} || true`)
        assert.match(words, /^1000\nCapEff:\t0{16}\nNoNewPrivs:\t1\ntouch: .*Read-only file system$/)
      },
    )
    await steps.check('metrics are for who knows the token', 10_000, async (signal) => {
      assert.equal((await fetch(`${origin}/metrics`, { signal })).status, 401)
    })
    await steps.check('the black-box suite passes through nginx', 150_000, (signal) => runSuite(run, origin, signal))
    const failedBefore = steps.counts().failed
    await checkScaling(steps, origin, at)
    if (steps.counts().failed > failedBefore) await showWords(['front'])
    await checkRestart(steps, origin, at, sent)
    await steps.check('pastes survive compose down and up', 180_000, async (signal) => {
      await at(signal).compose('down')
      await up(signal)
      for (const paste of sent) await readBack(origin, paste, signal)
      return `${sent.length} pastes`
    })
  } catch (error) {
    await showWords([...SERVICES, 'migrate'])
    throw error
  } finally {
    await at(AbortSignal.timeout(120_000)).compose('down', '--volumes', '--remove-orphans')
  }
}
