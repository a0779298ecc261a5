import type { FastifyInstance } from 'fastify'
import { bytebinRoutes } from './bytebin.ts'
import type { DialectDeps } from './dialect.ts'
import { hasteRoutes } from './haste.ts'
import { nullPointerRoutes } from './null-pointer.ts'
import { rustypasteRoutes } from './rustypaste.ts'

const ROUTES = {
  haste: hasteRoutes,
  bytebin: bytebinRoutes,
  '0x0': nullPointerRoutes,
  // Only adds to the shell forms.
  'transfer.sh': () => {},
  rustypaste: rustypasteRoutes,
}

/** A wire format that can be switched on. */
export type Dialect = keyof typeof ROUTES

/** The routes of the wire formats that are `spoken`. */
export function dialectRoutes(app: FastifyInstance, deps: DialectDeps, spoken: ReadonlySet<Dialect>): void {
  for (const dialect of spoken) ROUTES[dialect](app, deps)
}
