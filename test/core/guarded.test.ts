import { once } from 'node:events'
import { expect, test, vi } from 'vitest'
import { every, guarded, inBackground, later } from '../../src/core/index.ts'

const boom = new Error('EMFILE')
const throws = () => {
  throw boom
}
const rejects = async () => throws()

test.each([
  ['throws', throws],
  ['rejects', rejects],
])('a handler that %s ends nothing: its error goes where it is told', async (_what, work) => {
  const failed = vi.fn()
  guarded(work, failed)()
  later(work, 1, failed)
  inBackground(work, failed)
  const timer = every(work, 1, failed)
  await expect.poll(() => failed.mock.calls.length).toBeGreaterThan(4)
  clearInterval(timer)
  expect(failed.mock.calls.every(([error]) => error === boom)).toBe(true)
})

test('an error that nobody is told of is a warning of the process', async () => {
  const warned = once(process, 'warning')
  inBackground(rejects)
  expect(await warned).toEqual([boom])
})

test('a handler gets its arguments', () => {
  const work = vi.fn()
  guarded(work)('message', 7)
  expect(work).toHaveBeenCalledExactlyOnceWith('message', 7)
})
