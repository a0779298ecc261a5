import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe } from 'vitest'
import type { ViewTables } from '../../../src/analytics/views/tables.ts'
import { createSqlite } from '../../../src/platform/index.ts'
import { silentLogger } from '../../platform/silent-logger.ts'
import { createDatabase, type MariadbCoordinates, whenService } from '../../services/index.ts'
import { connect, useViews, type ViewsWorld } from './views-world.ts'

/** Registers a suite on a SQLite file and on MariaDB. */
export function onBothDatabases(name: string, body: (world: ViewsWorld) => void): void {
  describe(`${name}, on SQLite`, () => {
    let folder = ''
    const open = async () => {
      folder = await mkdtemp(join(tmpdir(), 'pastebin-views-'))
      return createSqlite<ViewTables>({ file: join(folder, 'pastes.db'), logger: silentLogger })
    }
    body(useViews(open, () => rm(folder, { recursive: true, force: true })))
  })
  whenService('mariadb', ({ mariadb }) => {
    describe(`${name}, on MariaDB`, () => body(useViewsOnMariadb(mariadb)))
  })
}

/** The world on a database of MariaDB, and where that is. */
export function useViewsOnMariadb(mariadb: MariadbCoordinates): ViewsWorld & { url(): string } {
  let made = { url: '', drop: async () => {} }
  const open = async () => {
    made = await createDatabase(mariadb)
    return connect(made.url)
  }
  return Object.assign(
    useViews(open, () => made.drop()),
    { url: () => made.url },
  )
}
