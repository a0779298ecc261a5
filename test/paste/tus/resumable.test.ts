import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { ObjectStore } from '../../../src/content/index.ts'
import { AppError, isAppError } from '../../../src/core/index.ts'
import { decodeState } from '../../../src/paste/tus/state.ts'
import { patiently } from '../../patience.ts'
import { thoroughly } from '../../thorough.ts'
import { withCommit } from '../with-commit.ts'
import { createWorld, type World } from '../world.ts'

const MIB = 1_048_576
const SLUG = 'the-upload'
const DAY_MS = 86_400_000
const CONTENT = randomBytes(4 * MIB + 321)

/** A body that ends, or breaks off, after these bytes. */
function body(bytes: Buffer, breaks = false) {
  const source = async function* () {
    for (let at = 0; at < bytes.length; at += 100_000) yield bytes.subarray(at, at + 100_000)
    if (breaks) throw new AppError('body_incomplete')
  }
  return { declaredBytes: undefined, source: source() }
}

describe('an upload in parts', () => {
  let world: World
  /** What the store does at the next commits: as it should; or its answer never comes, with and without having done it. */
  const fates: ('works' | 'dies before' | 'dies after')[] = []
  beforeAll(async () => {
    world = await createWorld((store) => dying(store, () => fates.shift() ?? 'works'))
  })
  beforeEach(() => world.empty())
  afterAll(() => world.close())

  const rowOf = async (slug: string) => (await world.rows()).find((row) => row.slug === slug)

  async function sweepAll(): Promise<void> {
    for (let sweeps = 0; sweeps < 12; sweeps++) {
      world.time.now += 61_000
      await world.sweep()
    }
  }

  /** Sends what is missing to a process that has nothing to do with those before. */
  async function complete(id: string): Promise<void> {
    const { resumable } = world.replica()
    const { offsetBytes } = await resumable.getProgress(id)
    await resumable.append(id, offsetBytes, body(CONTENT.subarray(offsetBytes)))
  }

  async function expectWholeAndNothingElse(): Promise<void> {
    const paste = await world.replica().pastes.find(SLUG)
    const chunks = await Array.fromAsync(world.content.readOnce(paste.content))
    expect(Buffer.concat(chunks).equals(CONTENT)).toBe(true)
    await sweepAll()
    expect([...world.store.objects.keys()]).toEqual([paste.content.objectKey])
    expect((await world.rows()).map(({ slug, garbage }) => [slug, garbage])).toEqual([[SLUG, null]])
  }

  test('has few parts however small its pieces are', async () => {
    const { id } = await world.resumable.begin({ slug: SLUG }, { lengthBytes: CONTENT.length })
    for (let at = 0; at < CONTENT.length - 1; at += 80_000)
      await world.resumable.append(id, at, body(CONTENT.subarray(at, Math.min(at + 80_000, CONTENT.length - 1))))
    const row = await rowOf(SLUG)
    expect(decodeState(row?.upload ?? Buffer.alloc(0)).parts.length).toBeLessThanOrEqual(5)
    expect(row?.garbage?.length).toBeLessThan(4_000)
    await complete(id)
    await expectWholeAndNothingElse()
  })

  test('stores each byte a few times at most however small its pieces are', async () => {
    const before = world.store.writtenBytes
    const { id } = await world.resumable.begin({ slug: SLUG }, { lengthBytes: 300_000 })
    for (let at = 0; at < 200_000; at += 500) await world.resumable.append(id, at, body(CONTENT.subarray(at, at + 500)))
    expect(world.store.writtenBytes - before).toBeLessThan(10 * 200_000)
    await world.resumable.append(id, 200_000, body(CONTENT.subarray(200_000, 300_000)))
    const paste = await world.replica().pastes.find(SLUG)
    const chunks = await Array.fromAsync(world.content.readOnce(paste.content))
    expect(Buffer.concat(chunks).equals(CONTENT.subarray(0, 300_000))).toBe(true)
  })

  test('of which nothing came is over after ten minutes, and its name is free', async () => {
    const { id } = await world.resumable.begin({ slug: SLUG }, { lengthBytes: 9 })
    world.time.now += 601_000
    await sweepAll()
    await expect(world.resumable.getProgress(id)).rejects.toMatchObject({ code: 'not_found' })
    expect(await world.rows()).toEqual([])
  })

  test('that nobody goes on with is over after a day, and leaves nothing', async () => {
    const { id } = await world.resumable.begin({ slug: SLUG }, { lengthBytes: CONTENT.length })
    await world.resumable.append(id, 0, body(CONTENT.subarray(0, 3 * MIB)))
    world.time.now += DAY_MS - 1
    await world.sweep()
    expect(await world.resumable.getProgress(id)).toMatchObject({ offsetBytes: 3 * MIB })
    world.time.now += 1
    await sweepAll()
    expect(await world.rows()).toEqual([])
    expect(world.store.objects.size).toBe(0)
  })

  test.for([false, true])('keeps nothing of a body that fails its check, small pieces before it: %s', async (small) => {
    const { id } = await world.resumable.begin({ slug: SLUG }, { lengthBytes: null })
    const at = small ? 1_000 : 0
    await world.resumable.append(id, 0, body(CONTENT.subarray(0, at)))
    const refused = { ...body(CONTENT.subarray(at), true), isChecked: true, lengthBytes: CONTENT.length }
    await expect(world.resumable.append(id, at, refused)).rejects.toMatchObject({ code: 'body_incomplete' })
    expect(await world.resumable.getProgress(id)).toMatchObject({ offsetBytes: at, lengthBytes: CONTENT.length })
    await complete(id)
    await expectWholeAndNothingElse()
  })

  test('of parts is whole, and leaves nothing of them', async () => {
    const ids: string[] = []
    for (const [from, to] of [
      [0, 2 * MIB],
      [2 * MIB, CONTENT.length],
    ] as const) {
      const file = { lengthBytes: to - from, concat: 'partial' }
      const { id } = await world.resumable.begin({}, file)
      await world.resumable.append(id, 0, body(CONTENT.subarray(from, to)))
      ids.push(id)
    }
    await world.resumable.concatenate({ slug: SLUG }, ids, { concat: 'final' })
    await expectWholeAndNothingElse()
  })

  test('a part that is missing in the store makes no paste', async () => {
    const { id } = await world.resumable.begin({ slug: SLUG }, { lengthBytes: CONTENT.length })
    await world.resumable.append(id, 0, body(CONTENT.subarray(0, 3 * MIB)))
    world.store.objects.clear()
    await expect(complete(id)).rejects.toMatchObject({ code: 'blob_missing' })
    await expect(world.pastes.find(SLUG)).rejects.toMatchObject({ code: 'not_found' })
  })

  type Event =
    | { kind: 'append'; bytes: number; breaks: boolean; fate: (typeof fates)[number] }
    | { kind: 'wait'; ms: number }
  const event: fc.Arbitrary<Event> = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('append' as const),
        bytes: fc.oneof(fc.integer({ min: 0, max: 200_000 }), fc.integer({ min: 0, max: 3 * MIB })),
        breaks: fc.boolean(),
        fate: fc.constantFrom('works', 'works', 'dies before', 'dies after'),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.constantFrom(1, 61_000, 3_600_000) }),
    },
  )

  test(
    'ends byte-exact and leaves nothing, whatever happens on the way',
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(event, { maxLength: 12 }), async (events) => {
          await world.empty()
          const { id } = await world.resumable.begin({ slug: SLUG }, { lengthBytes: CONTENT.length })
          // A wait before the first bytes is what ten minutes are for.
          await world.resumable.append(id, 0, body(CONTENT.subarray(0, 10)))
          for (const happening of events) {
            if (happening.kind === 'wait') {
              world.time.now += happening.ms
              await world.sweep()
              continue
            }
            const { resumable } = world.replica()
            const { offsetBytes } = await resumable.getProgress(id)
            fates.splice(0, fates.length, happening.fate)
            const sent = CONTENT.subarray(offsetBytes, offsetBytes + happening.bytes)
            const appending = resumable.append(id, offsetBytes, body(sent, happening.breaks)).catch(unlessRefused)
            await Promise.race([appending, death.promise])
            fates.splice(0)
          }
          await complete(id).catch((error) => isAppError(error, 'offset_mismatch') || Promise.reject(error))
          await expectWholeAndNothingElse()
        }),
        { numRuns: thoroughly(100), interruptAfterTimeLimit: 15_000 },
      )
    },
    patiently(40_000),
  )
})

function unlessRefused(error: unknown): void {
  if (!isAppError(error)) throw error
}

/** Tells that a process died, so that nobody waits for it. */
let death = Promise.withResolvers<void>()

function dying(store: ObjectStore, fate: () => 'works' | 'dies before' | 'dies after'): ObjectStore {
  const die = () => {
    death.resolve()
    death = Promise.withResolvers()
    return new Promise<never>(() => {})
  }
  return withCommit(store, async (writer, sizeBytes) => {
    const end = fate()
    if (end === 'dies before') return die()
    await writer.commit(sizeBytes)
    if (end === 'dies after') return die()
  })
}
