import { setTimeout as delay } from 'node:timers/promises'
import type { Via } from './ledger.ts'
import { now, type World } from './perform.ts'
import type { Step } from './plan.ts'
import { look } from './reads.ts'
import { abort, change, create } from './writes.ts'

const REPEATS = 20
const REPEAT_PAUSE_MS = 1_000
const READERS_AT_THE_END = 12

/**
 * Carries out a plan: every step begins at its moment, whatever became of those before it. Resolves when the last
 * answer is in.
 */
export async function drive(world: World, plan: readonly Step[]): Promise<void> {
  const beginning = now()
  const running = new Set<Promise<unknown>>()
  for (const step of plan) {
    const scheduledAt = beginning + step.at
    const waitMs = scheduledAt - now()
    if (waitMs > 1) await delay(waitMs)
    const work = perform(world, step, scheduledAt)
    running.add(work)
    void work.finally(() => running.delete(work))
  }
  await Promise.all(running)
}

function perform(world: World, step: Step, scheduledAt: number): Promise<void> {
  switch (step.kind) {
    case 'create':
      return createAndRepeat(world, step, scheduledAt)
    case 'abort':
      return abort(world, step, scheduledAt)
    case 'edit':
    case 'extend':
    case 'delete':
      return change(world, step, scheduledAt)
    default:
      return look(world, step, scheduledAt).then(() => {})
  }
}

/** With an Idempotency-Key a client asks until it knows, each time somebody else. */
async function createAndRepeat(
  world: World,
  step: Extract<Step, { kind: 'create' }>,
  scheduledAt: number,
): Promise<void> {
  let last = await create(world, step, scheduledAt)
  if (step.idempotencyKey === null) return
  for (let repeat = 1; repeat <= REPEATS; repeat++) {
    const isOpen = last.outcome === 'info' || last.status === 503 || last.code === 'idempotency_in_progress'
    if (!isOpen) return
    await delay(REPEAT_PAUSE_MS)
    const via: Via = repeat % (world.replicas + 1) || 'front'
    last = await create(world, { ...step, via: via === 'front' ? via : via - 1 }, now())
  }
}

/**
 * Reads every paste that was ever acknowledged from every replica, as often as it takes to get an answer from a busy
 * one: the last word on what was kept.
 */
export async function readEverything(world: World): Promise<void> {
  const acknowledged = new Set(
    world.ledger.operations.filter(({ kind, outcome }) => kind === 'create' && outcome === 'ok').map((op) => op.paste),
  )
  const queue = [...acknowledged].flatMap((paste) =>
    Array.from({ length: world.replicas }, (_, via) => ({ at: 0, via, paste, kind: 'read' as const, zstd: false })),
  )
  const read = async () => {
    for (let step = queue.pop(); step; step = queue.pop()) {
      for (let attempt = 1; ; attempt++) {
        const operation = await look(world, step, now())
        const isAnswered = operation?.broken === null && operation.status !== null && operation.status < 500
        if (operation && (isAnswered || attempt === REPEATS)) operation.final = true
        if (isAnswered || attempt === REPEATS) break
        await delay(REPEAT_PAUSE_MS)
      }
    }
  }
  await Promise.all(Array.from({ length: READERS_AT_THE_END }, read))
}
