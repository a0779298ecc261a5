import type { FastifyInstance } from 'fastify'
import { putByKey } from './bytebin.ts'
import type { DialectDeps } from './dialect.ts'
import { type Dialect, dialectRoutes } from './dialects.ts'
import { managedFields, managedHeaders } from './null-pointer.ts'
import { originalRoutes } from './original.ts'
import { deletionHeader, ownerRoutes } from './owner-calls.ts'
import { rustypastePost } from './rustypaste.ts'
import { type ShellOthers, shellRoutes } from './shell.ts'

/** The one-line shell forms, the predecessor's calls, and the `spoken` formats of other pastebins. */
export function clientRoutes(app: FastifyInstance, deps: DialectDeps, spoken: ReadonlySet<Dialect>): void {
  shellRoutes(app, deps, othersOf(deps, spoken))
  originalRoutes(app, deps)
  dialectRoutes(app, deps, spoken)
  if (spoken.size > 0) ownerRoutes(app, deps)
}

function othersOf(deps: DialectDeps, spoken: ReadonlySet<Dialect>): ShellOthers {
  const where = <Value>(dialect: Dialect, value: Value) => (spoken.has(dialect) ? [value] : [])
  return {
    posts: where('rustypaste', rustypastePost(deps)),
    puts: where('bytebin', putByKey(deps)),
    fields: spoken.has('0x0') ? managedFields : {},
    headers: [...where('0x0', managedHeaders), ...where('transfer.sh', deletionHeader(deps))],
  }
}
