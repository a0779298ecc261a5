import assert from 'node:assert/strict'
import { setTimeout as delay } from 'node:timers/promises'
import type { Run } from './command.ts'
import type { Engine } from './engine.ts'
import { readersUnhurt, underLoad, unhurt } from './scaled.ts'
import type { Steps } from './steps.ts'

const STACK = 'paste'
const FILE = 'config/swarm.yaml'
const APP = `${STACK}_app`

/** What a stack is deployed from: a checkout with its secrets made, and the variables that config/swarm.yaml asks for. */
export type SwarmOptions = { folder: string; image: string; variables: Readonly<Record<string, string>>; port: number }

/** Makes the engine a swarm of one node, checks config/swarm.yaml on it, and ends the swarm. */
export async function checkSwarm(steps: Steps, run: Run, engine: Engine, options: SwarmOptions): Promise<void> {
  const origin = `http://127.0.0.1:${options.port}`
  const at = (signal: AbortSignal) => {
    const environment = { ...engine.environment, ...options.variables }
    const docker = (...args: string[]) => run(engine.docker, args, { cwd: options.folder, environment, signal })
    return { docker, ...createSwarm(docker, signal) }
  }
  try {
    await steps.must('docker stack deploy brings three replicas up', 300_000, async (signal) => {
      const { docker, running, answers } = at(signal)
      await docker('swarm', 'init', '--advertise-addr', '127.0.0.1')
      await docker('node', 'update', '--label-add', 'paste.data=true', await docker('node', 'ls', '-q'))
      await docker('stack', 'deploy', '--resolve-image=never', '-c', FILE, STACK)
      await running(3)
      await answers(`${origin}/health/ready`)
    })
    await steps.check('scaled to 5 and back to 3 under load: no request fails', 120_000, async (signal) => {
      const { docker, running } = at(signal)
      const toll = await underLoad(origin, signal, async () => {
        for (const count of [5, 3]) {
          await docker('service', 'scale', '--detach', `${APP}=${count}`)
          await running(count)
        }
      })
      return unhurt(toll)
    })
    await steps.check('rolled over to another image under load: no request fails', 180_000, async (signal) => {
      const { docker, updated, images } = at(signal)
      const next = `${options.image}:next`
      await docker('tag', options.image, next)
      const toll = await underLoad(origin, signal, async () => {
        await docker('service', 'update', '--detach', '--no-resolve-image', '--image', next, APP)
        assert.equal(await updated(), 'completed')
      })
      assert.deepEqual(await images(), [next, next, next])
      return unhurt(toll)
    })
    await steps.check('an update that does not start is rolled back: no request fails', 150_000, async (signal) => {
      const { docker, updated, running } = at(signal)
      const toll = await underLoad(origin, signal, async () => {
        await docker('service', 'update', '--detach', '--env-add', 'PORT=none', APP)
        assert.equal(await updated(), 'rollback_completed')
        await running(3)
      })
      return unhurt(toll)
    })
    await steps.check('a task that is killed is replaced, and fails no read', 90_000, async (signal) => {
      const { docker, running } = at(signal)
      const toll = await underLoad(origin, signal, async () => {
        const [task = ''] = (await docker('ps', '-q', '--filter', `name=${APP}`)).split('\n')
        await docker('kill', '--signal=KILL', task)
        await running(2)
        await running(3)
      })
      return readersUnhurt(toll)
    })
  } catch (error) {
    const { docker } = at(AbortSignal.timeout(20_000))
    process.stdout.write(`${await docker('service', 'ls').catch(String)}\n`)
    process.stdout.write(`${await docker('stack', 'ps', '--no-trunc', STACK).catch(String)}\n`)
    throw error
  } finally {
    const { docker, gone } = at(AbortSignal.timeout(120_000))
    await docker('stack', 'rm', STACK).then(gone, String)
    await docker('swarm', 'leave', '--force').catch(String)
  }
}

function createSwarm(docker: (...args: string[]) => Promise<string>, signal: AbortSignal) {
  const tasks = async (format: string) =>
    (await docker('service', 'ps', '--filter', 'desired-state=running', '--format', format, APP)).split('\n')
  const until = async (isDone: () => Promise<boolean>) => {
    while (!(await isDone())) await delay(250, undefined, { signal })
  }
  return {
    /** Waits until exactly so many tasks of the service run. */
    running: (count: number) =>
      until(async () => (await tasks('{{.CurrentState}}')).filter((state) => /^Running/.test(state)).length === count),
    images: () => tasks('{{.Image}}'),
    /** Waits until an update has ended, one way or the other; gives how. */
    async updated(): Promise<string> {
      const state = () => docker('service', 'inspect', '--format', '{{.UpdateStatus.State}}', APP)
      await until(async () => /completed|paused/.test(await state()))
      return await state()
    },
    answers: (url: string) =>
      until(() =>
        fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(2_000)]) }).then(
          ({ ok }) => ok,
          () => false,
        ),
      ),
    /** Waits until no container of the stack is left. */
    gone: () => until(async () => (await docker('ps', '-aq', '--filter', `name=${STACK}_`)) === ''),
  }
}
