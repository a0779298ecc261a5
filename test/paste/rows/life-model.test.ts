import { AsyncLocalStorage } from 'node:async_hooks'
import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ObjectStore } from '../../../src/content/index.ts'
import { AppError, isAppError } from '../../../src/core/index.ts'
import { SECOND_DELETE_DELAY_MS } from '../../../src/paste/rows/life.ts'
import { patiently } from '../../patience.ts'
import { thoroughly } from '../../thorough.ts'
import { withCommit } from '../with-commit.ts'
import { createWorld, type World } from '../world.ts'

/**
 * One thing that happens to a paste. Each runs until it is about to call the store, or the store is about to answer;
 * there it stays until a `resume` lets one of those that stay go on. `dies` is the stop after which it never does.
 */
type Event =
  | { kind: 'create' | 'large' | 'small' | 'patch' | 'delete' | 'sweep'; dies: number | null }
  | { kind: 'resume' }
  | { kind: 'wait'; ms: number }

// Writes stop before and after their commit: the second is where a process leaves an object and says nothing.
const writeDies: fc.Arbitrary<number | null> = fc.option(fc.constantFrom(1, 2, 2, 2, 3, 4), { freq: 5 })
const write: fc.Arbitrary<Event> = fc.record({
  kind: fc.constantFrom('create', 'large', 'large', 'small', 'patch', 'delete'),
  dies: writeDies,
})
const sweepDies: fc.Arbitrary<number | null> = fc.option(fc.integer({ min: 1, max: 4 }), { freq: 2 })
const sweeping: fc.Arbitrary<Event> = fc.record({
  kind: fc.constant('sweep' as const),
  dies: sweepDies,
})
const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 3, arbitrary: write },
  { weight: 2, arbitrary: sweeping },
  { weight: 4, arbitrary: fc.constant({ kind: 'resume' }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('wait'),
      ms: fc.constantFrom(1, 30_000, 60_000, 60_001, 120_000, 540_000, 3_600_000),
    }),
  },
)

type Kind = Exclude<Event['kind'], 'wait' | 'resume'>

const SLUG = 'the-one'
const OTHER_SLUG = 'another'
/** A lease, a grace and ten minutes, for a paste and then for its end. */
const MOST_SWEEPS = 40

describe('rows and objects', () => {
  let world: World
  /** Where the calls of the store wait for their turn, of the event that they belong to. */
  const turns = new AsyncLocalStorage<() => Promise<void>>()
  beforeAll(async () => {
    const now = () => world.time.now
    world = await createWorld((store) => inTurns(store, now, async () => turns.getStore()?.()))
  })
  /** The run that the time limit interrupts continues; it needs its database to the end. */
  let latest: Promise<unknown> = Promise.resolve()
  afterAll(async () => {
    await latest.catch(() => {})
    await world.close()
  })

  /** Runs the events, with the scheduler to choose who goes on, and checks after each. */
  async function run(scheduler: fc.Scheduler, events: Event[]): Promise<void> {
    await world.empty()
    const { editToken } = await world.pastes.create({ slug: SLUG, expiresIn: 7_200 }, body(20_000))
    let running = 0
    const settle = async () => {
      do await new Promise((resolve) => setImmediate(resolve))
      while (running > 0)
      await expectObjectsOfLiveRows(world)
    }
    const start = (kind: Kind, dies: number | null) => {
      let stops = 0
      const stop = async () => {
        running--
        if (++stops === dies) await new Promise(() => {})
        await scheduler.schedule(Promise.resolve())
        running++
      }
      running++
      void turns
        .run(stop, () => act(world, kind, editToken))
        .catch(unlessRefused)
        .finally(() => running--)
    }
    for (const happening of events) {
      if (happening.kind === 'wait') world.time.now += happening.ms
      else if (happening.kind !== 'resume') start(happening.kind, happening.dies)
      else if (scheduler.count() > 0) await scheduler.waitOne()
      await settle()
    }
    for (; scheduler.count() > 0; await settle()) await scheduler.waitOne()
    for (let sweeps = 0; sweeps < MOST_SWEEPS && (await waitingRows(world)).length > 0; sweeps++) {
      world.time.now += 61_000
      await world.sweep()
    }
    await expectNothingLeft(world)
  }

  test(
    'no live row ever lacks its object, and in the end no object lacks its row',
    async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.scheduler(),
          fc.array(event, { minLength: 2, maxLength: 20, size: 'max' }),
          (scheduler, events) => {
            const running = run(scheduler, events)
            latest = running
            return running
          },
        ),
        {
          numRuns: thoroughly(3_000),
          // On a busy machine fewer will do.
          interruptAfterTimeLimit: 40_000,
        },
      )
    },
    patiently(60_000),
  )
})

async function act(world: World, kind: Kind, editToken: string): Promise<void> {
  const { pastes } = world
  if (kind === 'create') await pastes.create({ slug: OTHER_SLUG, expiresIn: 7_200 }, body(20_000))
  else if (kind === 'large') await pastes.replace(SLUG, editToken, body(30_000))
  else if (kind === 'small') await pastes.replace(SLUG, editToken, body(100))
  else if (kind === 'patch') await pastes.update(SLUG, editToken, { expiresIn: 10_800 })
  else if (kind === 'delete') await pastes.remove(SLUG, editToken)
  else await world.sweep()
}

/** A body that is stored as an object if it is large, sent as a stream. */
function body(sizeBytes: number) {
  return {
    source: (async function* () {
      yield randomBytes(sizeBytes)
    })(),
  }
}

function unlessRefused(error: unknown): void {
  if (!isAppError(error)) throw error
}

async function expectObjectsOfLiveRows(world: World): Promise<void> {
  for (const row of await world.rows())
    if (row.state === 'live' && row.object_key !== null) expect(world.store.objects.has(row.object_key)).toBe(true)
}

/** Rows that the sweeper is not done with, though nobody else is. */
async function waitingRows(world: World) {
  const rows = await world.rows()
  return rows.filter((row) => row.state === 'uploading' || row.pending_key !== null || row.garbage !== null)
}

async function expectNothingLeft(world: World): Promise<void> {
  expect(await waitingRows(world)).toEqual([])
  const rows = await world.rows()
  const referred = rows.flatMap((row) => (row.state === 'live' ? (row.object_key ?? []) : []))
  expect([...world.store.objects.keys()].sort()).toEqual(referred.sort())
}

/**
 * A store whose calls wait for `turn`: before they do something, and before they say so. A write may land long after
 * its lease was swept, from a process that then dies; only what no connection outlives, ten minutes, ends it.
 */
function inTurns(store: ObjectStore, now: () => number, turn: () => Promise<void>): ObjectStore {
  const slow = withCommit(store, async (writer, sizeBytes) => {
    const beganAt = now()
    await turn()
    if (now() - beganAt >= SECOND_DELETE_DELAY_MS) {
      await writer.abort()
      throw new AppError('storage_unavailable')
    }
    await writer.commit(sizeBytes)
    await turn()
  })
  return {
    ...slow,
    async remove(key) {
      await turn()
      await store.remove(key)
      await turn()
    },
  }
}
