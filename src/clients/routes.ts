import type { FastifyInstance } from 'fastify'
import { putByKey } from './bytebin.ts'
import type { DialectDeps } from './dialect.ts'
import { type Dialect, dialectRoutes } from './dialects.ts'
import { originalRoutes } from './original.ts'
import { shellRoutes } from './shell.ts'

/** The one-line shell forms, the predecessor's calls, and the `spoken` formats of other pastebins. */
export function clientRoutes(app: FastifyInstance, deps: DialectDeps, spoken: ReadonlySet<Dialect>): void {
  shellRoutes(app, deps, spoken.has('bytebin') ? putByKey(deps) : undefined)
  originalRoutes(app, deps)
  dialectRoutes(app, deps, spoken)
}
