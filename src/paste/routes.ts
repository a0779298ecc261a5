import type { FastifyInstance } from 'fastify'
import { claimRoutes } from './claim-routes.ts'
import { editRoutes } from './edit-routes.ts'
import { infoRoutes } from './info-routes.ts'
import { rawRoutes } from './raw-routes.ts'
import { readRoutes } from './read-routes.ts'
import type { ResumableUploads } from './resumable.ts'
import { resumableRoutes } from './resumable-routes.ts'
import type { PasteRouteDeps } from './route-deps.ts'

/** All routes of this room but those that take forms, which need the parser: see `createRoutes`. */
export function pasteRoutes(app: FastifyInstance, deps: PasteRouteDeps & { resumable: ResumableUploads }): void {
  rawRoutes(app, deps)
  claimRoutes(app, deps)
  readRoutes(app, deps)
  editRoutes(app, deps)
  infoRoutes(app, deps)
  resumableRoutes(app, deps)
}
