import { expect, test } from 'vitest'
import { DAY_MS, NOON, type ViewsWorld } from '../analytics/views/views-world.ts'

const PASTE = { slug: 'hello', createdAt: NOON }

/** Registers what counting views is on every engine. */
export function viewsContract(world: ViewsWorld): void {
  test('a view is counted once however many replicas serve it', async () => {
    const replicas = [world.replica(), world.replica(), world.replica()]
    for (const [index, replica] of replicas.entries())
      for (let view = 0; view < 10; view++)
        replica.happens('view', { ip: `192.0.2.${view}`, via: index ? 'raw' : 'page' })
    for (let flush = 0; flush < 2; flush++) await Promise.all(replicas.map((replica) => replica.flush()))
    for (const replica of replicas)
      expect(await replica.readPaste(PASTE)).toMatchObject({
        views: 30,
        pageViews: 10,
        rawViews: 20,
        uniqueVisitors: 10,
      })
  })

  test('more views of the same paste write the same row', async () => {
    const replica = world.replica()
    for (let flush = 0; flush < 3; flush++) {
      for (let view = 0; view < 100; view++) replica.happens('view')
      await replica.flush()
    }
    const rows = await world.database.db.selectFrom('paste_views').select('slug').execute()
    expect(rows.map(({ slug }) => slug).sort()).toEqual(['hello', '~'])
    expect(await replica.readPaste(PASTE)).toMatchObject({ views: 300, uniqueVisitors: 1 })
  })

  test('counters that left memory go on where they were', async () => {
    const replica = world.replica()
    for (let visit = 0; visit < 3; visit++) {
      replica.happens('view', { ip: `192.0.2.${visit}` })
      await replica.flush()
      world.time.now += 600_000
      await replica.flush()
    }
    expect(await replica.readPaste(PASTE)).toMatchObject({ views: 3, uniqueVisitors: 3 })
  })

  test("a bot's view is not a human's", async () => {
    const replica = world.replica()
    replica.happens('view', { agent: 'Mozilla/5.0 (compatible; Googlebot/2.1)', referrer: 'https://a.example/' })
    replica.happens('view', { agent: 'Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)' })
    replica.happens('view', { agent: 'curl/8.5.0' })
    await replica.flush()
    const stats = await replica.readPaste(PASTE)
    expect(stats).toMatchObject({ views: 1, botViews: 2, uniqueVisitors: 1, referrers: [] })
    expect(replica.sent.map(({ agent }) => agent)).toEqual(['bot', 'bot', 'human'])
  })

  test('it is known which sites led here and from which countries people came', async () => {
    const replica = world.replica()
    replica.happens('view', { referrer: 'https://News.example/item?id=1', country: 'DE' })
    replica.happens('view', { referrer: 'https://news.example:8443/', country: 'DE' })
    replica.happens('view', { referrer: 'https://paste.example/hello', country: 'FR' })
    replica.happens('view', { referrer: 'http://192.0.2.77/intranet', country: '<b>' })
    await replica.flush()
    const { referrers, countries } = await replica.readPaste(PASTE)
    expect(referrers).toEqual([{ host: 'news.example', views: 2 }])
    expect(countries).toEqual([
      { country: 'DE', views: 2 },
      { country: 'FR', views: 1 },
    ])
  })

  test('days and hours are told apart', async () => {
    const replica = world.replica()
    replica.happens('view')
    await replica.flush()
    world.time.now += DAY_MS + 3_600_000
    replica.happens('view')
    replica.happens('view')
    await replica.flush()
    const { days, hours, firstViewAt, lastViewAt } = await replica.readPaste(PASTE)
    expect(days.map(({ views }) => views)).toEqual([1, 2])
    expect(hours).toHaveLength(48)
    expect([hours.at(-26)?.views, hours.at(-1)?.views]).toEqual([1, 2])
    expect([firstViewAt, lastViewAt]).toEqual([NOON, world.time.now].map((at) => new Date(at).toISOString()))
  })

  test('days that are over are folded into one row, and nothing changes', async () => {
    const replicas = [world.replica(), world.replica(), world.replica()]
    for (let day = 0; day < 3; day++) {
      for (const replica of replicas) {
        replica.happens('view', { ip: '192.0.2.9' })
        replica.happens('view', { ip: `192.0.2.${day}`, via: 'page', referrer: `https://${day}.example/` })
        await replica.flush()
      }
      world.time.now += DAY_MS
    }
    world.time.now += 6 * DAY_MS
    const [first = world.replica()] = replicas
    const before = await first.readPaste(PASTE)
    expect(before).toMatchObject({ views: 18, pageViews: 9, uniqueVisitors: 6 })
    for (let round = 0; round < 3; round++) await world.sweep(...replicas)
    expect(await first.readPaste(PASTE)).toEqual(before)
    const rows = await world.database.db.selectFrom('paste_views').select(['slug', 'day']).orderBy('slug').execute()
    expect(rows).toEqual([
      { slug: 'hello', day: 0 },
      { slug: '~', day: 0 },
    ])
  })

  test('after 400 days nothing is left', async () => {
    const replica = world.replica()
    replica.happens('view')
    await replica.flush()
    for (const days of [5, 402]) {
      world.time.now = NOON + days * DAY_MS
      await world.sweep(replica)
    }
    expect(await world.database.db.selectFrom('paste_views').selectAll().execute()).toEqual([])
  })

  test("with a paste's row its views go", async () => {
    const [here, there] = [world.replica(), world.replica()]
    for (const replica of [here, there]) {
      replica.happens('view')
      await replica.flush()
    }
    here.happens('view')
    await here.flush()
    here.events.forgotten('hello')
    await here.flush()
    await there.flush()
    expect(await there.readPaste(PASTE)).toMatchObject({ views: 0, uniqueVisitors: 0 })
  })

  test('the next paste of the same name does not inherit them', async () => {
    const replica = world.replica()
    replica.happens('view', { referrer: 'https://old.example/' })
    await replica.flush()
    world.time.now += 40 * DAY_MS
    await world.sweep(replica)
    replica.happens('view')
    await replica.flush()
    const stats = await replica.readPaste({ slug: 'hello', createdAt: world.time.now })
    expect(stats).toMatchObject({ views: 1, referrers: [], firstViewAt: new Date(world.time.now).toISOString() })
  })

  test('the service counts what happens in it', async () => {
    const replica = world.replica()
    replica.happens('create', { via: 'api' })
    replica.happens('edit', { via: 'api' })
    replica.happens('claim', { via: 'page', slug: 'once' }, { maxViews: 1 })
    replica.happens('delete', { via: 'api' })
    replica.happens('end', { via: 'sweeper', slug: 'other' })
    await replica.flush()
    const stats = await replica.readSystem()
    expect(stats).toMatchObject({ creates: 1, createdBytes: 12, edits: 1, claims: 1, deletes: 1, ends: 1, views: 1 })
    expect(stats.days).toHaveLength(30)
    expect(stats.days.at(-1)).toMatchObject({ creates: 1, pageViews: 1 })
  })
}
