import type { Kysely } from 'kysely'
import type { Logger } from '../../../core/index.ts'
import type { MigrationSteps } from '../database.ts'
import { tablesOfMigrations } from '../schema/index.ts'
import { requireVschema, untilTracked } from './schema.ts'
import { differingSettings } from './settings.ts'
import { askKeyspace } from './vitess.ts'

/** What migrations need before and after them where vtgate is the server. */
export function vitessSteps<Tables>(db: Kysely<Tables>, logger: Logger): MigrationSteps {
  return {
    async before() {
      await requireVschema(db, await tablesOfMigrations())
      const { name, shards } = await askKeyspace(db)
      for (const { shard, variable, value } of await differingSettings(db, name, Object.keys(shards)))
        logger.warn(
          { shard, variable, value },
          'a setting of the MySQL servers of a shard is not what the service needs: see config/vitess/mysqld.cnf',
        )
    },
    after: async () => await untilTracked(db, await tablesOfMigrations()),
  }
}
