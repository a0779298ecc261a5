import { expect, onTestFinished, test } from 'vitest'
import { endStatements } from '../../../src/paste/rows/end-statements.ts'
import type { PasteTables } from '../../../src/paste/rows/tables.ts'
import { createMysql, migrate } from '../../../src/platform/index.ts'
import { silentLogger } from '../../platform/silent-logger.ts'
import { createDatabase, whenService } from '../../services/index.ts'
import { createWorld } from '../world.ts'

test('the backlog is what is due and not yet swept, and since when', async () => {
  const world = await createWorld()
  onTestFinished(() => world.close())
  const [pastes] = world.replica().sweepables
  const backlog = () => pastes?.backlog?.(world.time.now)
  expect(await backlog()).toEqual({ items: 0, oldestAt: null })
  const start = world.time.now
  for (const seconds of [10, 20, 3_600])
    await world.pastes.create({ expiresIn: seconds }, { source: Buffer.from('soon over') })
  world.time.now += 60_000
  expect(await backlog()).toEqual({ items: 2, oldestAt: start + 10_000 })
  await world.sweep()
  expect(await backlog()).toEqual({ items: 0, oldestAt: null })
})

whenService('sql', ({ sql }) => {
  test('the server can say how large the backlog is', async () => {
    const made = await createDatabase(sql)
    const database = await createMysql<PasteTables>({ url: made.url, logger: silentLogger, random: Math.random })
    await migrate(database)
    const row = {
      kind: 'paste',
      state: 'live',
      version: 1,
      created_at: 1,
      updated_at: 1,
      visibility: 'public',
    } as const
    const rest = { edit_token_hash: '', burn_after_reading: 0, views: 0 } as const
    for (const purge_at of [5, 7, 9])
      await database.db
        .insertInto('pastes')
        .values({ ...row, ...rest, slug: `slug-${purge_at}`, purge_at } as never)
        .execute()
    expect(await endStatements(database.db).backlog(7)).toEqual({ items: 2, oldestAt: 5 })
    expect(await endStatements(database.db).backlog(4)).toEqual({ items: 0, oldestAt: null })
    await database.close()
    await made.drop()
  })
})
