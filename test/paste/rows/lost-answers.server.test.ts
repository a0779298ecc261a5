import type { PasteTables } from '../../../src/paste/rows/tables.ts'
import { createMysql, migrate } from '../../../src/platform/index.ts'
import { lostAnswerContract } from '../../contracts/lost-answers/index.ts'
import { silentLogger } from '../../platform/silent-logger.ts'
import { createDatabase, whenService } from '../../services/index.ts'

whenService('sql', ({ sql }) => {
  lostAnswerContract(sql.product, async () => {
    const made = await createDatabase(sql)
    const database = await createMysql<PasteTables>({ url: made.url, logger: silentLogger, random: Math.random })
    await migrate(database)
    return { database, remove: () => made.drop() }
  })
})
