import { expect, onTestFinished, test } from 'vitest'
import { createWorld } from './world.ts'

test.each([10, 200_000])(
  'a paste of %d bytes ends exactly as long after it was made as was asked',
  async (sizeBytes) => {
    const world = await createWorld()
    onTestFinished(() => world.close())
    let now = world.time.now
    Object.defineProperty(world.time, 'now', { get: () => now++ })
    const { paste } = await world.pastes.create({ expiresIn: 60 }, { source: Buffer.alloc(sizeBytes, 'x') })
    const found = await world.pastes.find(paste.slug)
    for (const { createdAt, expiresAt } of [paste, found]) expect((expiresAt ?? 0) - createdAt).toBe(60_000)
  },
)
