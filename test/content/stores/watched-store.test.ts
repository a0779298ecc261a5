import { expect, onTestFinished, test } from 'vitest'
import { createWatchedStore } from '../../../src/content/stores/watched-store.ts'
import { describeObjectStore, putObject, randomKey } from '../../contracts/object-store.ts'
import { silentLogger } from '../../platform/silent-logger.ts'
import { createMemoryStore } from './memory-store.ts'

const TIMING = { suspectMs: 5, probeMs: 20, againMs: 5 }
const NEVER = new Promise<never>(() => {})
const unavailable = { code: 'storage_unavailable' }

describeObjectStore('a store that is watched', async () => createWatchedStore(createMemoryStore(), silentLogger))

/** A watched store whose every call hangs while `isAway`, and whose reads also hang while `isSlow`. */
function setUp() {
  const memory = createMemoryStore()
  const state = { isAway: false, isSlow: false, checks: 0, goOn: () => {} }
  const slowly = new Promise<void>((resolve) => {
    state.goOn = resolve
  })
  const unlessAway = <Value>(work: () => Promise<Value>) => (state.isAway ? NEVER : work())
  const fragile = {
    ...memory,
    create(key: string) {
      const writer = memory.create(key)
      return {
        write: (chunk: Buffer) => unlessAway(() => writer.write(chunk)),
        commit: (sizeBytes: number) => unlessAway(() => writer.commit(sizeBytes)),
        abort: () => unlessAway(() => writer.abort()),
      }
    },
    async read(key: string, offset: number, length: number) {
      if (state.isSlow) await slowly
      return unlessAway(() => memory.read(key, offset, length))
    },
    remove: (key: string) => unlessAway(() => memory.remove(key)),
    check() {
      state.checks++
      return unlessAway(memory.check)
    },
  }
  const store = createWatchedStore(fragile, silentLogger, TIMING)
  onTestFinished(() => store.close())
  return { store, state }
}

test('calls to a store that is away end, the second at once', async () => {
  const { store, state } = setUp()
  state.isAway = true
  await expect(store.read(randomKey(), 0, 1)).rejects.toMatchObject(unavailable)
  const checks = state.checks
  await expect(store.remove(randomKey())).rejects.toMatchObject(unavailable)
  expect(state.checks).toBe(checks)
})

test.each(['write', 'commit'] as const)('a %s into a store that is away ends, and its abort does too', async (call) => {
  const { store, state } = setUp()
  const writer = store.create(randomKey())
  if (call === 'commit') await writer.write(Buffer.from('x'))
  state.isAway = true
  const calling = call === 'write' ? writer.write(Buffer.from('x')) : writer.commit(1)
  await expect(calling).rejects.toMatchObject(unavailable)
  await writer.abort()
})

test('an abort is not waited for when the store goes away meanwhile', async () => {
  const { store, state } = setUp()
  const writer = store.create(randomKey())
  await writer.write(Buffer.from('x'))
  state.isAway = true
  await writer.abort()
})

test('a store that comes back is used again', async () => {
  const { store, state } = setUp()
  state.isAway = true
  await expect(store.remove(randomKey())).rejects.toMatchObject(unavailable)
  state.isAway = false
  const key = randomKey()
  await expect.poll(() => putObject(store, key, Buffer.from('back')).then(() => 'kept', String)).toBe('kept')
  expect((await store.read(key, 0, 4)).toString()).toBe('back')
})

test('a slow store that is there may take its time', async () => {
  const { store, state } = setUp()
  const key = randomKey()
  await putObject(store, key, Buffer.from('slow'))
  state.isSlow = true
  const reading = store.read(key, 0, 4)
  await expect.poll(() => state.checks).toBeGreaterThan(3)
  state.goOn()
  expect((await reading).toString()).toBe('slow')
})
