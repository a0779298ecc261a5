import { expect, onTestFinished, test } from 'vitest'
import { createFrameCache } from '../../../src/content/frames/frame-cache.ts'

test('any number of bytes can be its size', async () => {
  const cache = createFrameCache(1_048_576.5)
  await cache.get('one', async () => Buffer.alloc(1_000), { keep: true })
  expect(cache.bytes()).toBeGreaterThan(1_000)
})

test("a load that fails after its only reader has left is nobody's unhandled rejection", async () => {
  const unhandled: unknown[] = []
  const note = (error: unknown) => void unhandled.push(error)
  process.on('unhandledRejection', note)
  onTestFinished(() => void process.off('unhandledRejection', note))
  const load = () => Promise.reject(new Error('the store is away'))
  const reading = createFrameCache(0).get('one', load, { keep: false, signal: AbortSignal.abort(new Error('gone')) })
  await expect(reading).rejects.toThrow('gone')
  await new Promise((resolve) => setImmediate(resolve))
  expect(unhandled).toEqual([])
})
