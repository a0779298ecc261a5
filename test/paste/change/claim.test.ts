import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createWorld, type World } from '../world.ts'

describe('a reading that could not be sent', () => {
  let world: World
  beforeAll(async () => {
    world = await createWorld()
  })
  afterAll(() => world.close())
  const limited = async (maxViews: number) =>
    (await world.pastes.create({ maxViews }, { source: Buffer.from('a secret') })).paste.slug

  test('is given back while others are taken', async () => {
    const slug = await limited(3)
    const claims = [await world.pastes.claim(slug), await world.pastes.claim(slug)]
    for (const { release } of claims) await release()
    expect((await world.pastes.find(slug)).views).toBe(0)
  })

  test('is given back after somebody else took the last one', async () => {
    const slug = await limited(2)
    const [first, last] = [await world.pastes.claim(slug), await world.pastes.claim(slug)]
    await first.release()
    await last.release()
    expect((await world.pastes.find(slug)).views).toBe(0)
  })

  test('does not bring back a paste whose last reading was sent', async () => {
    const slug = await limited(2)
    const [first] = [await world.pastes.claim(slug), await world.pastes.claim(slug)]
    await first.release()
    await expect(world.pastes.find(slug)).rejects.toMatchObject({ code: 'burned' })
    await expect(world.pastes.claim(slug)).rejects.toMatchObject({ code: 'burned' })
  })
})

describe('a last reading that waits for the store', () => {
  let world: World
  beforeAll(async () => {
    world = await createWorld()
  })
  afterAll(() => world.close())
  const claimed = async () => {
    const { slug } = (await world.pastes.create({ maxViews: 1 }, { source: randomBytes(20_000) })).paste
    return { slug, claim: await world.pastes.claim(slug) }
  }

  test('is in progress for others, who get it when it is given back', async () => {
    const { slug, claim } = await claimed()
    const refusal = { code: 'claim_in_progress', headers: { 'retry-after': '1' } }
    await expect(world.pastes.claim(slug)).rejects.toMatchObject(refusal)
    await expect(world.pastes.find(slug)).rejects.toMatchObject(refusal)
    await claim.release()
    expect((await world.pastes.claim(slug)).paste.slug).toBe(slug)
  })

  test('leaves the row as it was when it is given back, with what guards its bytes', async () => {
    const options = { maxViews: 1, title: 'a title', visibility: 'public' as const }
    const body = { source: randomBytes(20_000), fileName: 'a.bin' }
    const { slug } = (await world.pastes.create(options, body)).paste
    const row = async () => (await world.rows()).find((one) => one.slug === slug)
    const before = await row()
    expect(before?.frame_sums).not.toBeNull()
    await (await world.pastes.claim(slug)).release()
    expect(await row()).toEqual(before)
  })

  test('is over once its first bytes are there, and can not be given back', async () => {
    const { slug, claim } = await claimed()
    await claim.keep()
    await expect(world.pastes.claim(slug)).rejects.toMatchObject({ code: 'burned' })
    await claim.release()
    await expect(world.pastes.claim(slug)).rejects.toMatchObject({ code: 'burned' })
  })

  test('is over when its reader has died', async () => {
    const { slug } = await claimed()
    world.time.now += 10_000
    await expect(world.pastes.claim(slug)).rejects.toMatchObject({ code: 'burned' })
  })
})

describe('an upload under an Idempotency-Key whose process died', () => {
  test('can be sent again as soon as the sweeper has given it up', async () => {
    let dies = true
    let isDead = false
    const commit = () => {
      isDead = true
      return new Promise<void>(() => {})
    }
    const world = await createWorld((store) => ({
      ...store,
      create: (key) => (dies ? { ...store.create(key), commit } : store.create(key)),
    }))
    try {
      const content = randomBytes(100_000)
      const send = () => world.pastes.create({}, { source: content }, 'the-key')
      void send()
      await expect.poll(() => isDead).toBe(true)
      dies = false
      world.time.now += 61_000
      await world.sweep()
      await expect(send()).rejects.toMatchObject({ code: 'idempotency_in_progress' })
      await world.sweep()
      expect((await send()).paste.content.sizeBytes).toBe(100_000)
    } finally {
      await world.close()
    }
  })
})
