import { expect, test } from 'vitest'
import { AnalyticsEventSchema } from '../../../src/analytics/events/schema.ts'
import { createSalts } from '../../../src/analytics/views/salts.ts'
import { systemRandom } from '../../../src/core/index.ts'
import { validate } from '../../../src/http/index.ts'
import { onBothDatabases } from './views-databases.ts'
import { DAY_MS, NOON } from './views-world.ts'

const TODAY = NOON / DAY_MS - 0.5

onBothDatabases('secrets of counting', (world) => {
  const salts = () => createSalts(world.database.db, { clock: { now: () => world.time.now }, random: systemRandom })
  const stored = async () => {
    const rows = await world.database.db.selectFrom('analytics_values').select('name').orderBy('name').execute()
    return rows.map(({ name }) => name)
  }

  test('all replicas have the same salt, whoever is first', async () => {
    const replicas = Array.from({ length: 5 }, salts)
    await Promise.all(replicas.map((replica) => replica.refresh()))
    for (const read of [TODAY, TODAY + 1].map((day) => (replica: ReturnType<typeof salts>) => replica.ofDay(day)))
      expect(new Set(replicas.map(read)).size).toBe(1)
    expect(new Set(replicas.map((replica) => replica.slugKey())).size).toBe(1)
  })

  test('a salt is gone two days after its day began, from memory and from the database', async () => {
    const replica = salts()
    await replica.refresh()
    const before = replica.ofDay(TODAY)
    world.time.now = (TODAY + 2) * DAY_MS
    await replica.refresh()
    expect(await stored()).not.toContain(`salt-${TODAY}`)
    expect(replica.ofDay(TODAY)).not.toBe(before)
  })

  test('every day has another one, and the key of slugs stays', async () => {
    const replica = salts()
    await replica.refresh()
    const [salt, key] = [replica.ofDay(TODAY), replica.slugKey()]
    expect(replica.ofDay(TODAY + 1)).not.toBe(salt)
    world.time.now += 30 * DAY_MS
    await replica.refresh()
    expect(replica.slugKey()).toBe(key)
    expect(await stored()).toEqual(['salt-20863', 'salt-20864', 'slug-key'])
  })

  test('who comes back on another day is another visitor', async () => {
    const replica = world.replica()
    replica.happens('view')
    await replica.flush()
    world.time.now += DAY_MS
    replica.happens('view')
    await replica.flush()
    expect(new Set(replica.sent.map(({ user }) => user)).size).toBe(2)
  })

  test('no address is stored anywhere, nor a user agent, nor a slug that is not public in an event', async () => {
    const replica = world.replica()
    const visitor = { ip: '203.0.113.77', agent: 'Unmistakable/1.0', referrer: 'http://203.0.113.77/' }
    replica.happens('create', { ...visitor, slug: 'public-one' })
    for (const [slug, paste] of [
      ['secret-private', { visibility: 'private' }],
      ['secret-once', { maxViews: 1 }],
    ] as const)
      for (const action of ['create', 'view', 'claim', 'edit', 'delete'] as const)
        replica.happens(action, { ...visitor, slug }, paste)
    replica.happens('end', { via: 'sweeper', slug: 'secret-end' }, { visibility: 'private' })
    await replica.flush()
    await replica.stop()
    const events = JSON.stringify(replica.sent)
    expect(replica.sent).toHaveLength(12)
    for (const event of replica.sent) expect(await validate(AnalyticsEventSchema, event)).toBe(event)
    expect(events).toContain('public-one')
    expect(events).not.toMatch(/secret/)
    for (const text of [events, await world.dump()]) expect(text).not.toMatch(/203\.0\.113|Unmistakable/)
  })

  test('the events of a paste that is not public can be counted together, on every replica', async () => {
    const replicas = [world.replica(), world.replica()]
    for (const replica of replicas) {
      replica.happens('view', { slug: 'mine' }, { visibility: 'private' })
      replica.happens('view', { slug: 'yours' }, { visibility: 'private' })
      await replica.flush()
    }
    const names = replicas.map(({ sent }) => sent.map(({ paste }) => paste))
    expect(names[0]).toEqual(names[1])
    expect(new Set(names[0]).size).toBe(2)
  })
})
