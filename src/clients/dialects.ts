import type { FastifyInstance } from 'fastify'
import { bytebinRoutes } from './bytebin.ts'
import type { DialectDeps } from './dialect.ts'
import { hasteRoutes } from './haste.ts'

const ROUTES = { haste: hasteRoutes, bytebin: bytebinRoutes } as const

/** A wire format that can be switched on. */
export type Dialect = keyof typeof ROUTES

/** The routes of the wire formats that are `spoken`. */
export function dialectRoutes(app: FastifyInstance, deps: DialectDeps, spoken: ReadonlySet<Dialect>): void {
  for (const dialect of spoken) ROUTES[dialect](app, deps)
}
