import { randomBytes } from 'node:crypto'
import { expect, onTestFinished, test } from 'vitest'
import type { ObjectStore } from '../../../src/content/index.ts'
import { AppError } from '../../../src/core/index.ts'
import { auditPastes, SETTLED_MS } from '../../../src/paste/maintenance/audit.ts'
import { GRACE_MS, LEASE_MS, SECOND_DELETE_DELAY_MS } from '../../../src/paste/rows/life.ts'
import { createScratchKeys } from '../../../src/platform/index.ts'
import { putObject } from '../../contracts/object-store.ts'
import { withCommit } from '../with-commit.ts'
import { createWorld, type World } from '../world.ts'

const large = () => ({ source: randomBytes(20_000) })

/** A world in which, once `frozen` is set, writes to the store get stuck for ever; `stuck` are their keys. */
async function freezableWorld() {
  const state = { frozen: false, stuck: [] as string[], commits: 0 }
  const wrap = (store: ObjectStore) =>
    withCommit(store, (writer, sizeBytes, key) => {
      state.commits++
      if (!state.frozen) return writer.commit(sizeBytes)
      state.stuck.push(key)
      return new Promise(() => {})
    })
  const world = await createWorld(wrap)
  onTestFinished(() => world.close())
  /** Begins a write that freezes in the store; gives its object's key. */
  const freeze = async (write: () => Promise<unknown>): Promise<string> => {
    state.frozen = true
    void write()
    await expect.poll(() => state.stuck.length).toBe(1)
    state.frozen = false
    return state.stuck.pop() ?? ''
  }
  return { world, freeze, state }
}

/** Two steps of the sweeper, so that what the first makes due is done too. */
async function sweepAfter(world: World, ms: number): Promise<void> {
  world.time.now += ms
  await world.sweep()
  await world.sweep()
}

const keys = (world: World) => [...world.store.objects.keys()]

test('an object that lands after its upload was cleared away is removed ten minutes later', async () => {
  const { world, freeze } = await freezableWorld()
  const key = await freeze(() => world.pastes.create({ slug: 'frozen' }, large()))
  await sweepAfter(world, LEASE_MS)
  await putObject(world.store, key, randomBytes(100))
  await sweepAfter(world, SECOND_DELETE_DELAY_MS - 1)
  expect(keys(world)).toEqual([key])
  await sweepAfter(world, 1)
  expect(keys(world)).toEqual([])
  expect(await world.rows()).toEqual([])
})

test('the slug of an abandoned upload is free as soon as its object was removed once', async () => {
  const { world, freeze } = await freezableWorld()
  await freeze(() => world.pastes.create({ slug: 'frozen' }, large()))
  await sweepAfter(world, LEASE_MS)
  const again = await world.pastes.create({ slug: 'frozen' }, large())
  await sweepAfter(world, SECOND_DELETE_DELAY_MS)
  expect(keys(world)).toEqual([again.paste.content.objectKey])
})

test('an object that lands after its edit was given up is removed ten minutes later', async () => {
  const { world, freeze } = await freezableWorld()
  const { paste, editToken } = await world.pastes.create({}, large())
  const key = await freeze(() => world.pastes.replace(paste.slug, editToken, large()))
  await sweepAfter(world, LEASE_MS)
  await sweepAfter(world, GRACE_MS)
  await putObject(world.store, key, randomBytes(100))
  await sweepAfter(world, SECOND_DELETE_DELAY_MS)
  expect(keys(world)).toEqual([paste.content.objectKey])
})

test('an object that lands after its second removal is found by fsck', async () => {
  const { world, freeze } = await freezableWorld()
  const key = await freeze(() => world.pastes.create({}, large()))
  await sweepAfter(world, LEASE_MS)
  await sweepAfter(world, SECOND_DELETE_DELAY_MS)
  await putObject(world.store, key, randomBytes(100))
  const index = createScratchKeys()
  onTestFinished(() => index.close())
  const clock = { now: () => Date.now() + SETTLED_MS + 1_000 }
  const found: unknown[] = []
  const how = { repair: true, force: true, onFinding: (finding: unknown) => void found.push(finding) }
  await auditPastes({ db: world.db, store: world.store, index, clock }, how)
  expect(found).toMatchObject([{ type: 'unknown', key }])
  expect(keys(world)).toEqual([])
})

test('the rows of second removals are no pastes', async () => {
  const { world, freeze } = await freezableWorld()
  const key = await freeze(() => world.pastes.create({ visibility: 'public' }, large()))
  await sweepAfter(world, LEASE_MS)
  expect((await world.rows()).map((row) => row.slug)).toEqual([`~${key}`])
  expect((await world.pastes.recent(10)).pastes).toEqual([])
  await expect(world.pastes.find(`~${key}`)).rejects.toMatchObject({ code: 'not_found' })
  await expect(world.pastes.claim(`~${key}`)).rejects.toMatchObject({ code: 'not_found' })
  await expect(world.pastes.remove(`~${key}`, undefined)).rejects.toMatchObject({ code: 'not_found' })
})

test('content that was just replaced stays for its readers, though another edit is given up meanwhile', async () => {
  const { world, freeze } = await freezableWorld()
  const { paste, editToken } = await world.pastes.create({}, large())
  await freeze(() => world.pastes.replace(paste.slug, editToken, large()))
  world.time.now += LEASE_MS - 1
  await world.pastes.replace(paste.slug, editToken, { source: randomBytes(100) })
  await sweepAfter(world, 1)
  await sweepAfter(world, GRACE_MS - 1)
  expect(keys(world)).toEqual([paste.content.objectKey])
  await sweepAfter(world, 1)
  expect(keys(world)).toEqual([])
})

test('an upload that wakes up after its lease writes nothing more', async () => {
  const { world, state } = await freezableWorld()
  const source = (async function* () {
    yield randomBytes(100_000)
    world.time.now += LEASE_MS
  })()
  await expect(world.pastes.create({}, { source })).rejects.toMatchObject({ code: 'overloaded' })
  expect(state.commits).toBe(0)
})

test('a write that fails with the store away keeps nobody from the next one', async () => {
  let away = false
  const unavailable = async () => {
    if (away) throw new AppError('storage_unavailable')
  }
  const world = await createWorld((store) => ({
    ...store,
    create: (key) => {
      const writer = store.create(key)
      return { ...writer, commit: async (sizeBytes) => writer.commit(sizeBytes).then(unavailable) }
    },
    remove: async (key) => unavailable().then(() => store.remove(key)),
  }))
  onTestFinished(() => world.close())
  const { paste, editToken } = await world.pastes.create({}, large())
  away = true
  await expect(world.pastes.create({ slug: 'the-name' }, large())).rejects.toMatchObject({
    code: 'storage_unavailable',
  })
  await expect(world.pastes.replace(paste.slug, editToken, large())).rejects.toMatchObject({
    code: 'storage_unavailable',
  })
  away = false
  const made = await world.pastes.create({ slug: 'the-name' }, large())
  const replaced = await world.pastes.replace(paste.slug, editToken, large())
  await sweepAfter(world, GRACE_MS)
  await sweepAfter(world, SECOND_DELETE_DELAY_MS)
  expect(keys(world).toSorted()).toEqual(
    [made, { paste: replaced }].map((one) => one.paste.content.objectKey).toSorted(),
  )
})
