import { globSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { create, json, send } from '../blackbox/client.ts'
import { type Service, startService } from '../blackbox/service.ts'
import { patiently } from '../patience.ts'
import { createDatabase, type Database, whenService } from '../services/index.ts'

const SHIFTS = { right: '+0', 'two hours ahead': '+7200', '30 s ahead': '+30', '30 s behind': '-30' } as const

/** A replica whose wall clock is wrong; it sweeps every second. */
function startShifted(shift: string, databaseUrl: string, migrate: boolean): Promise<Service> {
  const [library = ''] = globSync('/usr/lib/*/faketime/libfaketimeMT.so.1')
  const environment = { LD_PRELOAD: library, FAKETIME: shift, FAKETIME_DONT_FAKE_MONOTONIC: '1' }
  return startService({ ...environment, DATABASE_URL: databaseUrl, MIGRATE_AT_START: `${migrate}` })
}

whenService(['sql', 'faketime'], ({ sql }) => {
  describe('replicas of which only one has a clock that is right', { timeout: patiently(60_000) }, () => {
    const replicas = new Map<string, Service>()
    let database: Database

    beforeAll(async () => {
      database = await createDatabase(sql)
      const [first, ...others] = Object.entries(SHIFTS)
      const start = async ([name, shift]: [string, string], migrate: boolean) =>
        replicas.set(name, await startShifted(shift, database.url, migrate))
      if (first) await start(first, true)
      await Promise.all(others.map((other) => start(other, false)))
    }, patiently(60_000))
    afterAll(async () => {
      await Promise.all([...replicas.values()].map((replica) => replica.stop()))
      await database.drop()
    })
    const urls = () => [...replicas.values()].map(({ url }) => url)
    const createdAt = async (url: string, slug: string) =>
      Date.parse(json<{ createdAt: string }>(await send(`${url}/api/v1/pastes/${slug}`)).createdAt)
    const statuses = (slug: string) => Promise.all(urls().map(async (url) => (await send(`${url}/raw/${slug}`)).status))

    test('all know how wrong it is and are of use', async () => {
      for (const [name, shift] of Object.entries(SHIFTS)) {
        const answer = await send(`${replicas.get(name)?.url}/health/ready`)
        expect(answer.status, name).toBe(200)
        const { clockOffsetMs } = json<{ clockOffsetMs: number }>(answer)
        expect(Math.abs(clockOffsetMs + Number(shift) * 1_000), name).toBeLessThan(1_000)
      }
    })

    test('give a new paste the same times, serve it to its end and no longer, and end nothing else', async () => {
      const lasting = await create(urls()[0] ?? '', 'stays for an hour', 'expiresIn=1h')
      let before = await createdAt(urls()[0] ?? '', lasting.slug)
      for (const url of urls()) {
        const made = await create(url, 'ends soon', 'expiresIn=2s')
        // Each is younger than the one before, but for what their clocks may be apart.
        const madeAt = await createdAt(url, made.slug)
        expect(madeAt).toBeGreaterThan(before - 1_000)
        before = madeAt
        const all = () => statuses(made.slug)
        await expect.poll(all, { timeout: patiently(15_000), interval: 100 }).toEqual(urls().map(() => 410))
      }
      // Each replica has swept meanwhile: what had expired was ended by one of them.
      expect(await statuses(lasting.slug)).toEqual(urls().map(() => 200))
    })
  })
})
