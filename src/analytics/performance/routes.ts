import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../../core/index.ts'
import { documentedBy, OPERATOR_SECURITY } from '../../http/index.ts'
import type { Live } from './live.ts'
import type { PerformanceReports } from './performance.ts'
import type { Range } from './schema.ts'

/** What the routes of the recordings need. */
export type PerformanceRouteDeps = {
  reports: PerformanceReports
  /** Absent where nothing is recorded. */
  live: Live | undefined
  /** Lets only an operator pass; throws the refusal of everybody else. */
  requireAdmin(request: FastifyRequest): void
  /** Who asks, as limits count clients. */
  clientOf(request: FastifyRequest): string
}

const documented = documentedBy(() => import('./schema.ts'))

const RANGES: readonly Range[] = ['5m', '1h', '6h', '24h', '7d', '30d']
/** What a client that doesn't read may hold up. */
const MOST_UNREAD_BYTES = 256 * 1024

/** `GET /api/v1/performance` and its live stream. */
export function performanceRoutes(
  app: FastifyInstance,
  { reports, live, requireAdmin, clientOf }: PerformanceRouteDeps,
): void {
  app.route({
    method: 'GET',
    url: '/api/v1/performance',
    config: documented((s) => ({
      operationId: 'getPerformance',
      summary: 'How the service performed: rates, percentiles, parts, resources',
      description: 'Needs ADMIN_TOKEN where one is set. Percentiles are of merged histograms, within 1 %.',
      tags: ['performance'],
      security: OPERATOR_SECURITY,
      querystring: { type: 'object', properties: { range: { ...s.RangeSchema, default: '1h' } } },
      response: { 200: s.PerformanceSchema, default: s.ProblemSchema },
    })),
    handler: async (request, reply) => {
      requireAdmin(request)
      const { range } = request.query as { range?: unknown }
      reply.header('cache-control', 'no-store')
      return reports.ask(rangeOf(range))
    },
  })

  app.route({
    method: 'GET',
    url: '/api/v1/performance/live',
    config: {
      untimed: true,
      ...documented((s) => ({
        operationId: 'watchPerformance',
        summary: 'The latest figures every 5 s, as server-sent events named `now`',
        description:
          'Of the replica that answers what was since the event before; of the others their last full minute.',
        tags: ['performance'],
        security: OPERATOR_SECURITY,
        response: { 200: { content: { 'text/event-stream': { schema: s.LiveSchema } } }, default: s.ProblemSchema },
      })),
    },
    handler: (request, reply) => {
      requireAdmin(request)
      if (request.method === 'HEAD') return reply.type('text/event-stream').header('cache-control', 'no-store').send()
      return streamTo(reply, live, clientOf(request))
    },
  })
  // The server waits for answers under way, and these have no end.
  app.addHook('preClose', (done) => {
    live?.stop()
    done()
  })
}

/** The range that a query asks for; throws `validation_failed` for what is none. */
export function rangeOf(given: unknown): Range {
  const range = RANGES.find((one) => one === (given ?? '1h'))
  if (range !== undefined) return range
  throw new AppError('validation_failed', {
    detail: `?range= is one of ${RANGES.join(', ')}.`,
    members: { pointer: '/range' },
  })
}

function streamTo(reply: FastifyReply, live: Live | undefined, client: string): FastifyReply {
  const { raw: response } = reply
  const listener = {
    client,
    send(text: string) {
      if (response.writableLength > MOST_UNREAD_BYTES) response.destroy()
      else response.write(text)
    },
    end: () => {
      // Who doesn't read would keep it open by what is unsent.
      if (response.writableLength > 0) response.destroy()
      else response.end()
    },
  }
  const leave = live?.listen(listener)
  if (leave === undefined) throw new AppError('overloaded', { detail: 'There are no live figures here now.' })
  reply.hijack()
  response.on('close', leave)
  response.writeHead(200, {
    'Content-Type': 'text/event-stream; charset=utf-8',
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
    // nginx would keep events back to fill a buffer.
    'X-Accel-Buffering': 'no',
    'X-Request-Id': reply.request.id,
  })
  response.write('retry: 5000\n\n')
  return reply
}
