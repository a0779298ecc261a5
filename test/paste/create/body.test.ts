import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createWorld, type World } from '../world.ts'

/** A large body on its way in, and whether whoever read it has said that it reads no more. */
function arriving() {
  const state = { ended: false }
  async function* chunks() {
    try {
      for (let chunk = 0; chunk < 20; chunk++) yield randomBytes(20_000)
    } finally {
      state.ended = true
    }
  }
  return { source: chunks(), state }
}

// A body that nobody ends keeps its listeners, and the timer that watches its speed, for ever.
describe('a large body that is refused half-way is told to end', () => {
  let world: World
  beforeAll(async () => {
    world = await createWorld((store) => store, 0)
  })
  afterAll(() => world.close())

  test('when there is no place for another upload', async () => {
    const { source, state } = arriving()
    await expect(world.pastes.create({}, { source })).rejects.toMatchObject({ code: 'upload_capacity' })
    expect(state.ended).toBe(true)
  })

  test('when it was to replace a content', async () => {
    const { paste, editToken } = await world.pastes.create({}, { source: Buffer.from('before') })
    const { source, state } = arriving()
    await expect(world.pastes.replace(paste.slug, editToken, { source })).rejects.toMatchObject({
      code: 'upload_capacity',
    })
    expect(state.ended).toBe(true)
  })
})
