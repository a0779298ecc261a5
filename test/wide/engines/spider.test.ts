import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { migrations } from '../../../migrations/index.ts'
import { createMysql } from '../../../src/platform/database/index.ts'
import { connect, useViews } from '../../analytics/views/views-world.ts'
import { type ContractTables, databaseContract } from '../../contracts/database.ts'
import { rollUpContract } from '../../contracts/roll-ups.ts'
import { viewsContract } from '../../contracts/views.ts'
import { silentLogger } from '../../platform/silent-logger.ts'
import { type SpiderServers, startSpider, whenService } from '../../services/index.ts'
import { createSpiderDatabase, execute } from './spider-database.ts'

whenService('spider', () => {
  let spider: SpiderServers
  beforeAll(async () => {
    spider = await startSpider()
  })
  afterAll(() => spider.stop())

  databaseContract('Spider', async () => {
    const database = await createSpiderDatabase(spider)
    for (const url of database.shardUrls)
      await execute({ url }, [
        'create table notes (slug varbinary(64) primary key, body mediumblob, views bigint not null, seen_at bigint)',
      ])
    await database.upgrade()
    return createMysql<ContractTables>({ url: database.url, logger: silentLogger, random: Math.random })
  })

  rollUpContract('Spider', async () => {
    const database = await createSpiderDatabase(spider)
    await database.upgrade()
    return createMysql({ url: database.url, logger: silentLogger, random: Math.random })
  })

  describe('views on Spider', () => {
    const open = async () => {
      const database = await createSpiderDatabase(spider)
      await database.upgrade()
      return connect(database.url)
    }
    viewsContract(useViews(open))
  })

  describe('Spider', () => {
    test('spreads the rows over its shards', async () => {
      const { url, shardUrls, upgrade } = await createSpiderDatabase(spider)
      await upgrade()
      await execute({ url }, [insertPastes(40)])
      const shares = await Promise.all(shardUrls.map((shard) => slugsIn(shard)))
      expect(shares.map((slugs) => slugs.length > 5)).toEqual([true, true])
      expect(shares.flat().sort()).toEqual(await slugsIn(url))
    })

    test('keeps every row through an upgrade from any earlier schema', async () => {
      const names = Object.keys(migrations)
      const { url, upgrade } = await createSpiderDatabase(spider)
      for (const upTo of names) {
        await upgrade(upTo)
        if (upTo === names[0]) await execute({ url }, [insertPastes(10)])
      }
      expect(await slugsIn(url)).toHaveLength(10)
      const engines = await execute({ url }, [
        'select distinct engine from information_schema.tables where table_schema = database() and table_name not like "kysely%"',
      ])
      expect(engines).toEqual([{ engine: 'SPIDER' }])
    })
  })
})

/** A statement that makes this many pastes. */
function insertPastes(count: number): string {
  const rows = Array.from({ length: count }, (_, n) => `('slug-${n}', 'paste', 'live', 1, 1, 1, 'public', 'x', 0, 0)`)
  return `insert into pastes (slug, kind, state, version, created_at, updated_at, visibility, edit_token_hash,
    burn_after_reading, views) values ${rows.join(', ')}`
}

async function slugsIn(url: string): Promise<string[]> {
  const rows = await execute({ url }, ['select convert(slug using utf8mb4) as slug from pastes order by slug'])
  return (rows as { slug: string }[]).map(({ slug }) => slug)
}
