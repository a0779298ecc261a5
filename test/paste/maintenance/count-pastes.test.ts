import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { countPastes } from '../../../src/paste/maintenance/count-pastes.ts'
import { createWorld, type World } from '../world.ts'

const DAY_MS = 86_400_000

describe('what the paste room tells', () => {
  let world: World
  beforeAll(async () => {
    world = await createWorld()
  })
  beforeEach(async () => {
    await world.empty()
    world.told.length = 0
  })
  afterAll(() => world.close())
  const create = (options: object = {}, text = 'hello') =>
    world.pastes.create({ slug: 'a-paste', ...options }, { source: Buffer.from(text) })

  test('an end by expiry is told once, by whichever sweeper it was', async () => {
    await create({ expiresIn: 60 })
    world.time.now += 60_000
    await Promise.all([world.sweep(), world.sweep(), world.sweep()])
    expect(world.told).toEqual(['end a-paste sweeper 5'])
  })

  test('the end of a tombstone is told, so that nothing is known of it any more', async () => {
    const { editToken } = await create()
    await world.pastes.remove('a-paste', editToken)
    world.time.now += 31 * DAY_MS
    await world.sweep()
    expect(world.told).toContain('forgotten a-paste')
  })

  test('who deletes a paste learns what it was', async () => {
    const { editToken } = await create({}, 'twelve bytes')
    expect(await world.pastes.remove('a-paste', editToken)).toMatchObject({
      slug: 'a-paste',
      content: { sizeBytes: 12 },
    })
  })

  test('when a paste was made is told to who has its edit token, after its end too', async () => {
    const { paste, editToken } = await create()
    await expect(world.pastes.createdAt('a-paste', undefined)).rejects.toMatchObject({ code: 'token_required' })
    await expect(world.pastes.createdAt('a-paste', `${editToken}x`)).rejects.toMatchObject({ code: 'token_invalid' })
    await world.pastes.remove('a-paste', editToken)
    expect(await world.pastes.createdAt('a-paste', editToken)).toBe(paste.createdAt)
    await expect(world.pastes.createdAt('another', editToken)).rejects.toMatchObject({ code: 'not_found' })
  })

  test('a census counts what can be read, a page at a time', async () => {
    let pauses = 0
    const pause = async () => void pauses++
    for (let made = 0; made < 1_200; made += 100)
      await Promise.all(
        Array.from({ length: 100 }, (_, index) =>
          create({ slug: `census-${made + index}`, expiresIn: made < 300 ? 60 : 600 }),
        ),
      )
    const later = { now: world.time.now + 60_000, pause }
    expect(await countPastes(world.db, later)).toMatchObject({ live: 900, contentBytes: 4_500 })
    expect(pauses).toBe(2)
  })
})
