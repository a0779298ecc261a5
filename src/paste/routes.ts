import type { FastifyInstance } from 'fastify'
import type { PasteRouteDeps } from './http/index.ts'
import { claimRoutes, editRoutes, infoRoutes, rawRoutes, readRoutes } from './http/index.ts'
import type { ResumableUploads } from './tus/index.ts'
import { resumableRoutes } from './tus/index.ts'

/** All routes of this room except `createRoutes`, which need the multipart parser. */
export function pasteRoutes(app: FastifyInstance, deps: PasteRouteDeps & { resumable: ResumableUploads }): void {
  rawRoutes(app, deps)
  claimRoutes(app, deps)
  readRoutes(app, deps)
  editRoutes(app, deps)
  infoRoutes(app, deps)
  resumableRoutes(app, deps)
}
