import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe } from 'vitest'
import type { ViewTables } from '../../../src/analytics/views/tables.ts'
import { createSqlite } from '../../../src/platform/index.ts'
import { silentLogger } from '../../platform/silent-logger.ts'
import { createDatabase, type SqlCoordinates, whenService } from '../../services/index.ts'
import { connect, useViews, type ViewsWorld } from './views-world.ts'

/** Registers a suite on a SQLite file and on a database server. */
export function onBothDatabases(name: string, body: (world: ViewsWorld) => void): void {
  describe(`${name}, on SQLite`, () => {
    let folder = ''
    const open = async () => {
      folder = await mkdtemp(join(tmpdir(), 'pastebin-views-'))
      return createSqlite<ViewTables>({ file: join(folder, 'pastes.db'), logger: silentLogger })
    }
    body(useViews(open, () => rm(folder, { recursive: true, force: true })))
  })
  whenService('sql', ({ sql }) => {
    describe(name, () => body(useViewsOnServer(sql)))
  })
}

/** The world on a database of a server, and where that is. */
export function useViewsOnServer(sql: SqlCoordinates): ViewsWorld & { url(): string } {
  let made = { url: '', drop: async () => {} }
  const open = async () => {
    made = await createDatabase(sql)
    return connect(made.url)
  }
  return Object.assign(
    useViews(open, () => made.drop()),
    { url: () => made.url },
  )
}
