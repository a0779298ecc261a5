import type { FastifyInstance } from 'fastify'
import type { DialectDeps } from './dialect.ts'
import { hasteRoutes } from './haste.ts'

const ROUTES = { haste: hasteRoutes } as const

/** A wire format that can be switched on. */
type Dialect = keyof typeof ROUTES

/** The routes of the wire formats that are `spoken`. */
export function dialectRoutes(app: FastifyInstance, deps: DialectDeps, spoken: ReadonlySet<Dialect>): void {
  for (const dialect of spoken) ROUTES[dialect](app, deps)
}
