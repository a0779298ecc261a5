import type { Dialect } from 'kysely'
import type { SchemaWatch } from './watch.ts'

/** A dialect around one of ours, which lets no statement through while the schema is not usable. */
export function gatedDialect(dialect: Dialect, { whenUsable }: SchemaWatch): Dialect {
  return {
    createAdapter: () => dialect.createAdapter(),
    createIntrospector: (db) => dialect.createIntrospector(db),
    createQueryCompiler: () => dialect.createQueryCompiler(),
    createDriver() {
      const driver = dialect.createDriver()
      return {
        // Our drivers are plain objects.
        ...driver,
        acquireConnection: () => whenUsable()?.then(() => driver.acquireConnection()) ?? driver.acquireConnection(),
      }
    },
  }
}
