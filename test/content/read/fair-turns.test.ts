import { expect, test } from 'vitest'
import { createTurns } from '../../../src/content/read/fair-turns.ts'

/** Work that goes on until `end` is called. */
function endless() {
  const { promise, resolve } = Promise.withResolvers<void>()
  return { work: () => promise, end: resolve }
}

test('work beyond the places waits for its turn, in order', async () => {
  const turns = createTurns({ places: 1, waiting: 5, patienceMs: 10_000 })
  const first = endless()
  const order: number[] = []
  const done = [turns(first.work), ...[1, 2, 3].map((number) => turns(async () => void order.push(number)))]
  expect(order).toEqual([])
  first.end()
  await Promise.all(done)
  expect(order).toEqual([1, 2, 3])
})

test('work beyond the queue is refused, until there is room again', async () => {
  const turns = createTurns({ places: 1, waiting: 1, patienceMs: 10_000 })
  const first = endless()
  const running = [turns(first.work), turns(async () => {})]
  await expect(turns(async () => {})).rejects.toMatchObject({ code: 'overloaded' })
  first.end()
  await Promise.all(running)
  expect(await turns(async () => 'done')).toBe('done')
})

test('who waits in vain is refused, and takes no place', async () => {
  const turns = createTurns({ places: 1, waiting: 1, patienceMs: 1 })
  const first = endless()
  const running = turns(first.work)
  await expect(turns(async () => {})).rejects.toMatchObject({ code: 'overloaded' })
  await expect(turns(async () => {})).rejects.toMatchObject({ code: 'overloaded' })
  first.end()
  await running
  expect(await turns(async () => 'done')).toBe('done')
})

test('who leaves the queue, even at the moment of its turn, loses nobody a place', async () => {
  const turns = createTurns({ places: 1, waiting: 2, patienceMs: 10_000 })
  const first = endless()
  const gone = new AbortController()
  const running = turns(first.work)
  const waiting = turns(async () => 'never', gone.signal)
  gone.abort(new Error('gone'))
  first.end()
  await expect(waiting).rejects.toThrow('gone')
  await running
  expect(await turns(async () => 'done')).toBe('done')
})

test('work that fails gives its place back', async () => {
  const turns = createTurns({ places: 1, waiting: 0, patienceMs: 10_000 })
  await expect(turns(() => Promise.reject(new Error('failed')))).rejects.toThrow('failed')
  expect(await turns(async () => 'done')).toBe('done')
})
