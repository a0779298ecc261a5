import type { FastifyReply, FastifyRequest, onRequestHookHandler } from 'fastify'
import { asPerformance, compareRuns, rangeOf } from '../../analytics/index.ts'
import { AppError, type Clock } from '../../core/index.ts'
import { bearerToken, wantsPage } from '../../http/index.ts'
import { type DashboardDeps, parseAddress, type Site, type WebDeps } from '../page/index.ts'
import { renderPerformancePage } from './performance-page.ts'
import { renderRunPage } from './run-page.ts'
import { renderComparisonPage } from './runs-compare-page.ts'
import { renderRunsPage } from './runs-page.ts'
import { renderPasteViews, renderStatsPage } from './stats-page.ts'
import { renderViewsPage } from './views-page.ts'

type Query = { range?: unknown; a?: unknown; b?: unknown }
type FigureRequest = FastifyRequest<{ Querystring: Query; Params: { id: string; slug: string } }>
type Answer = (request: FastifyRequest, reply: FastifyReply, html: string) => unknown
type Handler = (request: FigureRequest, reply: FastifyReply) => unknown

/** The dashboards of the service, of its load runs, of all pastes, and of one paste for its owner. */
export function dashboardRoutes(
  add: (url: string, onRequest: onRequestHookHandler[], handler: Handler) => void,
  {
    dashboards,
    site,
    clock,
    send,
    guards,
  }: { dashboards: DashboardDeps; site: Site; clock: Clock; send: Answer; guards: WebDeps['guards'] },
): void {
  const forOperators = (url: string, handler: Handler) =>
    add(url, guards.read, (request, reply) => {
      dashboards.requireAdmin(request)
      return handler(request, reply)
    })

  forOperators('/performance', async (request, reply) => {
    const performance = await dashboards.performance(rangeOf(request.query.range))
    if (!wantsPage(request.headers))
      return reply.headers({ 'cache-control': 'no-store', vary: 'Accept' }).send(performance)
    return send(request, reply, renderPerformancePage(site, performance, clock.now(), await dashboards.unwellParts()))
  })
  forOperators('/performance/runs', async (request, reply) => {
    const list = await dashboards.runs.list()
    const { a, b } = request.query
    if (a === undefined || b === undefined) return send(request, reply, renderRunsPage(site, list))
    const side = async (value: unknown) => {
      const names = [value].flat().filter((name) => typeof name === 'string')
      const chosen = list.filter(({ id, name }) => names.includes(id) || names.includes(name))
      if (chosen.length === 0) throw new AppError('not_found', { detail: `There is no run ${names.join(', ')}.` })
      return {
        name: [...new Set(chosen.map(({ name }) => name))].join(', '),
        runs: await dashboards.runs.read(chosen.map(({ id }) => id)),
      }
    }
    const [left, right] = await Promise.all([side(a), side(b)])
    const comparison = compareRuns(left.runs, right.runs)
    return send(request, reply, renderComparisonPage(site, { a: left, b: right, comparison }))
  })
  forOperators('/performance/runs/:id', async (request, reply) => {
    const [run] = await dashboards.runs.read([request.params.id])
    if (run === undefined) throw new AppError('not_found')
    return send(request, reply, renderRunPage(site, run, await asPerformance(run.recordings)))
  })
  forOperators('/stats', async (request, reply) => {
    const stats = await dashboards.systemStats()
    if (!wantsPage(request.headers)) return reply.headers({ 'cache-control': 'no-store', vary: 'Accept' }).send(stats)
    return send(request, reply, renderStatsPage(site, stats))
  })
  add('/mine/:slug', guards.lookup, async (request, reply) => {
    const { slug } = parseAddress(request.params.slug)
    const token = bearerToken(request.headers.authorization)
    const views = token === undefined ? '' : renderPasteViews(await dashboards.pasteStats(slug, token), clock.now())
    return send(request, reply, renderViewsPage(site, slug, views))
  })
}
