import type { FastifyInstance } from 'fastify'
import { bytebinRoutes } from './bytebin.ts'
import type { DialectDeps } from './dialect.ts'
import { dpasteRoutes } from './dpaste.ts'
import { gistRoutes } from './gist.ts'
import { hasteRoutes } from './haste.ts'
import { microbinRoutes } from './microbin.ts'
import { nullPointerRoutes } from './null-pointer.ts'
import { pinnwandRoutes } from './pinnwand.ts'
import { rustypasteRoutes } from './rustypaste.ts'

const none = () => {}

const ROUTES = {
  haste: hasteRoutes,
  bytebin: bytebinRoutes,
  '0x0': nullPointerRoutes,
  rustypaste: rustypasteRoutes,
  dpaste: dpasteRoutes,
  pinnwand: pinnwandRoutes,
  gist: gistRoutes,
  microbin: microbinRoutes,
  // These only add to the shell forms.
  'transfer.sh': none,
  pastebinit: none,
  wastebin: none,
  'pastebin-worker': none,
  privatebin: none,
}

/** A wire format that can be switched on. */
export type Dialect = keyof typeof ROUTES

/** The routes of the wire formats that are `spoken`. */
export function dialectRoutes(app: FastifyInstance, deps: DialectDeps, spoken: ReadonlySet<Dialect>): void {
  for (const dialect of spoken) ROUTES[dialect](app, deps)
}
