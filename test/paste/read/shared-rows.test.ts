import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { PasteRow } from '../../../src/paste/rows/tables.ts'
import { anyText } from '../../any-text.ts'
import { deleteDuringLoad, deleted, NOW, replica, row, sharedBytes } from './caches.ts'

describe('replicas that tell each other', () => {
  test('a change at one drops the paste from the memory of the others at once', async () => {
    const bytes = sharedBytes()
    const [one, ...others] = [1, 2, 3].map(() => replica({ now: NOW }, bytes))
    for (const other of others) await other.get('one', async () => row())
    await one?.forget('one')
    for (const other of others) expect(other.peek('one')).toBeUndefined()
  })

  test('a load that began before another replica changed the paste keeps nothing', async () => {
    const bytes = sharedBytes()
    const [one, other] = [replica({ now: NOW }, bytes), replica({ now: NOW }, bytes)]
    await deleteDuringLoad(one, other)
    expect(other.peek('one')).toBeUndefined()
    await expect(other.get('one', deleted)).rejects.toHaveProperty('code', 'deleted')
  })

  test('what one with a wrong clock left is no older for the others than it may be, and never younger', async () => {
    const bytes = sharedBytes()
    const [ahead, right] = [replica({ now: NOW + 30_000 }, bytes), replica({ now: NOW }, bytes)]
    await ahead.get('one', async () => row())
    await expect(right.get('one', deleted)).rejects.toHaveProperty('code', 'deleted')
    const time = { now: NOW }
    const [little, reader] = [replica({ now: NOW + 900 }, bytes), replica(time, bytes)]
    await little.get('two', async () => row({ slug: 'two' }))
    await reader.get('two', deleted)
    time.now += 4_000
    expect(reader.peek('two')).toBeUndefined()
  })

  test('one that missed messages takes nothing of what it kept for fresh', async () => {
    const bytes = sharedBytes()
    const other = replica({ now: NOW }, bytes)
    await other.get('one', async () => row())
    const slow = Promise.withResolvers<PasteRow>()
    const early = other.get('two', () => slow.promise)
    bytes.restart()
    slow.resolve(row({ slug: 'two' }))
    await early
    expect([other.peek('one'), other.peek('two')]).toEqual([undefined, undefined])
  })

  test('a lost message makes nobody answer for longer than the age that entries have anyway', async () => {
    const time = { now: NOW }
    const bytes = sharedBytes()
    const [one, other] = [replica(time, { ...bytes, setAndTell: async () => undefined }), replica(time, bytes)]
    await other.get('one', async () => row())
    await one.forget('one')
    time.now += 3_999
    expect(other.peek('one')).toBeDefined()
    time.now += 1
    await expect(other.get('one', deleted)).rejects.toHaveProperty('code', 'deleted')
  })

  test('who changes a paste never answers with what it was, even if the others can not be told', async () => {
    const time = { now: NOW }
    const bytes = sharedBytes()
    const [one, other] = [replica(time, { ...bytes, setAndTell: async () => undefined }), replica(time, bytes)]
    await other.get('one', async () => row())
    await one.forget('one')
    await expect(one.get('one', deleted)).rejects.toHaveProperty('code', 'deleted')
  })

  test('what it says itself, what is garbage and what others say is told apart', async () => {
    const bytes = sharedBytes()
    const counted: string[] = []
    const one = replica({ now: NOW }, bytes, (what) => counted.push(what))
    const other = replica({ now: NOW }, bytes)
    await one.get('one', async () => row())
    await one.forget('one')
    expect(counted).toEqual(['own', 'sent'])
    await other.forget('one')
    expect(counted.slice(2)).toEqual(['heard'])
  })

  test('garbage changes nothing, whatever it is', async () => {
    const bytes = sharedBytes()
    const counted: string[] = []
    const one = replica({ now: NOW }, bytes, (what) => counted.push(what))
    await one.get('one', async () => row())
    const known = ['', 'one', '2 AAAAAAAA one', '1 AAAAAAAA one two', '1 AAAAAAAA one\n', '1 AAAAAAAA ../one']
    for (const message of [...known, `1 AAAAAAAA ${'x'.repeat(1_000_000)}`]) bytes.send(message)
    fc.assert(
      fc.property(anyText(), (message) => {
        bytes.send(message)
      }),
    )
    expect(new Set(counted)).toEqual(new Set(['garbage']))
    expect(one.peek('one')).toBeDefined()
  })
})
