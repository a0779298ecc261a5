import type { FastifyInstance } from 'fastify'
import { claimRoutes, editRoutes, infoRoutes, type PasteRouteDeps, rawRoutes, readRoutes } from './http/index.ts'
import { type ResumableUploads, resumableRoutes } from './tus/index.ts'

/** All routes of this room except `createRoutes`, which need the multipart parser. */
export function pasteRoutes(app: FastifyInstance, deps: PasteRouteDeps & { resumable: ResumableUploads }): void {
  rawRoutes(app, deps)
  claimRoutes(app, deps)
  readRoutes(app, deps)
  editRoutes(app, deps)
  infoRoutes(app, deps)
  resumableRoutes(app, deps)
}
