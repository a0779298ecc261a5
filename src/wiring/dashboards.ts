import type { FastifyInstance } from 'fastify'
import { createRuns, type PasteAnalytics, type Recordings, runRoutes } from '../analytics/index.ts'
import type { Pastes } from '../paste/index.ts'
import { type Readiness, requireOperator } from '../platform/index.ts'
import type { Config } from '../settings/index.ts'
import type { DashboardDeps } from '../web/index.ts'
import type { Backends } from './backends.ts'
import { operatorsOnly } from './operators.ts'

/** What the dashboards show, and where it comes from. */
export type DashboardSources = {
  config: Config
  backends: Backends
  pastes: Pastes
  analytics: PasteAnalytics
  recordings: Recordings
  readiness: Readiness
}

/** Adds the routes of the lab's runs, and gives what the dashboards show. */
export function openDashboards(app: FastifyInstance, sources: DashboardSources): DashboardDeps {
  const { config, backends, pastes, analytics, recordings, readiness } = sources
  const runs = createRuns(backends.database.db)
  const forOperators = operatorsOnly(config)
  runRoutes(app, {
    runs,
    requireAdmin: forOperators,
    requireOperator: (request) => requireOperator(request, config.adminToken),
  })
  return {
    requireAdmin: forOperators,
    performance: recordings.reports.ask,
    async unwellParts() {
      const states = Object.entries((await readiness.ask()).parts)
      return states.filter(([, state]) => state === 'unavailable').map(([name]) => name)
    },
    systemStats: analytics.readSystem,
    async pasteStats(slug, editToken) {
      const createdAt = await pastes.createdAt(slug, editToken)
      return analytics.readPaste({ slug, createdAt })
    },
    runs,
  }
}
