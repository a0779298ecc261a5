import assert from 'node:assert/strict'
import { describeToll, type Load, startLoad, type Toll } from './load.ts'
import type { Containers, Stack } from './stack.ts'
import type { Steps } from './steps.ts'

const MORE = 400

/** Does something to the replicas in the middle of load; gives what the clients met. */
export async function underLoad(
  origin: string,
  signal: AbortSignal,
  hurt: (load: Load) => Promise<unknown>,
): Promise<Toll> {
  const load = await startLoad(origin, signal)
  try {
    await load.more(MORE, signal)
    await hurt(load)
    await load.more(MORE, signal)
  } finally {
    await load.end()
  }
  return await load.end()
}

/** Throws when a client met a failure; else gives a line about the load. */
export function unhurt(toll: Toll): string {
  assert.deepEqual([...toll.failedReads, ...toll.failedCreates], [])
  return describeToll(toll)
}

/** The same, where a create may be cut off together with the replica that it is sent to. */
export function readersUnhurt(toll: Toll): string {
  assert.deepEqual(toll.failedReads, [])
  return `${describeToll(toll)}${toll.failedCreates.length > 0 ? ` (${toll.failedCreates.join('; ')})` : ''}`
}

/** Checks that replicas come and go under load, and that no client notices. */
export async function checkScaling(
  steps: Steps,
  origin: string,
  at: (signal: AbortSignal) => Containers & Stack,
): Promise<void> {
  const scale = async (signal: AbortSignal, count: number) => {
    const { compose, containers, healthy } = at(signal)
    await compose('up', '-d', '--no-build', '--no-recreate', '--scale', `app=${count}`)
    const replicas = await containers('app')
    assert.equal(replicas.length, count)
    for (const replica of replicas) await healthy(replica)
    return replicas
  }

  await steps.check('3, 5, then 2 replicas under load: no request fails', 150_000, async (signal) => {
    const toll = await underLoad(origin, signal, async (load) => {
      await scale(signal, 5)
      await load.more(MORE, signal)
      await scale(signal, 2)
    })
    return unhurt(toll)
  })
  await steps.check('docker stop ends one with 0 within 30 s, and no request fails', 90_000, async (signal) => {
    const { containers, stop } = at(signal)
    const [replica = ''] = await containers('app')
    const toll = await underLoad(origin, signal, async () => {
      const { exitCode, tookMs } = await stop(replica)
      assert.equal(exitCode, 0)
      assert.ok(tookMs < 30_000, `it took ${tookMs} ms`)
    })
    return unhurt(toll)
  })
  await steps.check('kill -9 of one of two fails no read', 90_000, async (signal) => {
    const [replica = ''] = await scale(signal, 2)
    const toll = await underLoad(origin, signal, () => at(signal).docker('kill', '--signal=KILL', replica))
    return readersUnhurt(toll)
  })
}
