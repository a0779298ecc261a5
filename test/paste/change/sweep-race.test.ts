import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { createWorld } from '../world.ts'

test('a delete in the very millisecond in which the sweeper takes up the row leaves no object behind', async () => {
  let goOn = () => {}
  let isRemoving = false
  const held = new Promise<void>((resolve) => {
    goOn = resolve
  })
  const world = await createWorld((store) => ({
    ...store,
    async remove(key) {
      isRemoving = true
      await held
      await store.remove(key)
    },
  }))
  try {
    const { paste, editToken } = await world.pastes.create({}, { source: randomBytes(20_000) })
    await world.pastes.replace(paste.slug, editToken, { source: randomBytes(20_000) })
    world.time.now += 60_001
    const sweeping = world.sweep()
    await expect.poll(() => isRemoving).toBe(true)
    await world.pastes.remove(paste.slug, editToken)
    goOn()
    await sweeping
    world.time.now += 60_001
    await world.sweep()
    expect([...world.store.objects.keys()]).toEqual([])
  } finally {
    await world.close()
  }
})
