import { randomBytes } from 'node:crypto'
import { post, readBack, type Sent } from './client.ts'
import type { Containers, Stack } from './stack.ts'
import type { Steps } from './steps.ts'

/** Who needs somebody comes before them. After a restart of the machine nothing waits as `docker compose up` does. */
const WORST_ORDER = ['front', 'app', 'redis', 'store', 'mysql']

/** Checks that a stack comes back by itself from a machine that loses power and starts its containers in any order. */
export async function checkRestart(
  steps: Steps,
  origin: string,
  at: (signal: AbortSignal) => Containers & Stack,
  sent: readonly Sent[],
): Promise<void> {
  await steps.check('killed all at once and started in the worst order: all comes back', 240_000, async (signal) => {
    const { containers, docker, healthy } = at(signal)
    const latest = await post(origin, Uint8Array.from(randomBytes(20_000)), signal)
    const ids = await Promise.all(WORST_ORDER.map((service) => containers(service)))
    await docker('kill', ...ids.flat())
    for (const group of ids) await docker('start', ...group)
    for (const id of ids.flat()) await healthy(id)
    for (const paste of [...sent, latest]) await readBack(origin, paste, signal)
    await readBack(origin, await post(origin, Uint8Array.from(randomBytes(20_000)), signal), signal)
    return `${sent.length + 1} pastes, the last acknowledged just before`
  })
}
