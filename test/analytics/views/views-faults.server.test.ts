import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { ViewTables } from '../../../src/analytics/views/tables.ts'
import type { Database } from '../../../src/platform/index.ts'
import { patiently } from '../../patience.ts'
import { type FaultProxy, startFaultProxy, whenService } from '../../services/index.ts'
import { useViewsOnServer } from './views-databases.ts'
import { connect, NOON } from './views-world.ts'

/** The command by which a prepared statement runs (MySQL's client/server protocol). */
const COM_STMT_EXECUTE = 0x17
const PASTE = { slug: 'hello', createdAt: NOON }

whenService('sql', ({ sql }) => {
  describe('views, when the database fails', () => {
    const world = useViewsOnServer(sql)
    let proxy: FaultProxy
    let behindProxy: Database<ViewTables>
    beforeAll(async () => {
      proxy = await startFaultProxy(sql.port)
      behindProxy = await connect(world.url().replace(`:${sql.port}/`, `:${proxy.port}/`))
    })
    afterEach(() => proxy.set({}))
    afterAll(async () => {
      await behindProxy.close()
      await proxy.stop()
    })

    test.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])(
      'a lost answer to statement %i neither loses a view nor counts one twice',
      async (number) => {
        const replica = world.replica(behindProxy)
        let executed = 0
        await proxy.set({
          onRequest(bytes, link) {
            if (bytes[4] === COM_STMT_EXECUTE && ++executed === number) link.dropReply()
            return undefined
          },
        })
        for (let flush = 0; flush < 4; flush++) {
          replica.happens('view', { ip: `192.0.2.${flush}` })
          await replica.flush()
        }
        await proxy.set({})
        await replica.flush()
        expect(executed).toBeGreaterThanOrEqual(number)
        expect(await replica.readPaste(PASTE)).toMatchObject({ views: 4, uniqueVisitors: 4 })
      },
    )

    test('while it is away counts wait, and are all there when it is back', async () => {
      const replica = world.replica(behindProxy)
      replica.happens('view')
      await replica.flush()
      await proxy.set({ refuse: true })
      await proxy.resetConnections()
      for (let minute = 0; minute < 5; minute++) {
        for (let view = 0; view < 100; view++) replica.happens('view', { slug: view % 2 ? 'hello' : 'other' })
        await replica.flush()
        world.time.now += 60_000
      }
      expect(replica.state()).toMatchObject({ waiting: 3, lost: 0 })
      await proxy.set({})
      await expect.poll(() => replica.flush().then(() => replica.state().waiting), { interval: 50 }).toBe(0)
      expect(await replica.readPaste(PASTE)).toMatchObject({ views: 251, uniqueVisitors: 1 })
    })

    test('who was counted before the salt could be shared is not counted twice by two replicas for the whole day', async () => {
      await proxy.set({ refuse: true })
      await proxy.resetConnections()
      const [alone, other] = [world.replica(behindProxy), world.replica()]
      alone.happens('view')
      await alone.flush()
      await proxy.set({})
      await expect.poll(() => alone.flush().then(() => alone.state().waiting), { interval: 50 }).toBe(0)
      for (const replica of [alone, other]) {
        for (let view = 0; view < 5; view++) replica.happens('view', { slug: 'later' })
        await replica.flush()
      }
      const later = { slug: 'later', createdAt: NOON }
      expect(await other.readPaste(later)).toMatchObject({ views: 10, uniqueVisitors: 1 })
    })

    test('a database that hangs slows nobody who reads', async () => {
      await proxy.set({ blackHole: true })
      const replica = world.replica(behindProxy)
      const startedAt = process.cpuUsage()
      for (let view = 0; view < 10_000; view++) replica.happens('view', { ip: `192.0.2.${view % 250}` })
      const { user, system } = process.cpuUsage(startedAt)
      expect((user + system) / 10_000).toBeLessThan(100)
      await proxy.set({})
      await proxy.resetConnections()
      await expect
        .poll(() => replica.flush().then(() => replica.state().waiting), { interval: 50, timeout: patiently(8_000) })
        .toBe(0)
      expect(await replica.readPaste(PASTE)).toMatchObject({ views: 10_000 })
    })
  })
})
