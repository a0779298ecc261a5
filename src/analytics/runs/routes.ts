import type { FastifyInstance, FastifyRequest } from 'fastify'
import { AppError } from '../../core/index.ts'
import { documentedBy, OPERATOR_SECURITY, readJson } from '../../http/index.ts'
import type { Runs } from './runs.ts'

/** What the routes of the runs need. */
export type RunRouteDeps = {
  runs: Runs
  /** Lets only an operator pass; throws the refusal of everybody else. */
  requireAdmin(request: FastifyRequest): void
  /** The same, and throws `admin_only` where there is no admin token: nothing may be stored there. */
  requireOperator(request: FastifyRequest): void
}

const documented = documentedBy(() => import('./summaries.ts'))
const PATH = '/api/v1/performance/runs'
const ID = { type: 'object', properties: { id: { type: 'string' } }, required: ['id'] }
/** Storing and reading runs of the load lab over REST. */
export function runRoutes(app: FastifyInstance, { runs, requireAdmin, requireOperator }: RunRouteDeps): void {
  app.route({
    method: 'PUT',
    url: `${PATH}/:id`,
    config: documented((s) => ({
      operationId: 'putRun',
      summary: 'Store a run of the load lab',
      description: 'Takes ADMIN_TOKEN. At most 1 MiB; the latest 200 are kept.',
      tags: ['performance'],
      params: ID,
      security: OPERATOR_SECURITY,
      body: s.RunSchema,
      response: { 200: s.StoredRunSchema, 201: s.StoredRunSchema, default: s.ProblemSchema },
    })),
    handler: async (request, reply) => {
      requireOperator(request)
      const { RunSchema, MOST_RUN_BYTES } = await import('./schema.ts')
      const source = { raw: request.raw, response: reply.raw, meter: request.meter }
      const run = await readJson(source, RunSchema, {}, MOST_RUN_BYTES)
      const { id } = request.params as { id: string }
      if (run.id !== id)
        throw new AppError('validation_failed', {
          detail: 'The id of the run is not the one of the address.',
          members: { pointer: '/id' },
        })
      const isNew = await runs.put(run)
      return reply.code(isNew ? 201 : 200).send({ id })
    },
  })

  app.route({
    method: 'GET',
    url: PATH,
    config: documented((s) => ({
      operationId: 'listRuns',
      summary: 'Runs of the load lab, the latest first',
      tags: ['performance'],
      security: OPERATOR_SECURITY,
      response: { 200: s.RunListSchema, default: s.ProblemSchema },
    })),
    handler: async (request, reply) => {
      requireAdmin(request)
      reply.header('cache-control', 'no-store')
      return { runs: await runs.list() }
    },
  })

  app.route({
    method: 'GET',
    url: `${PATH}/:id`,
    config: documented((s) => ({
      operationId: 'getRun',
      summary: 'A run of the load lab',
      tags: ['performance'],
      params: ID,
      security: OPERATOR_SECURITY,
      response: { 200: s.RunSchema, default: s.ProblemSchema },
    })),
    handler: async (request, reply) => {
      requireAdmin(request)
      const text = await runs.json((request.params as { id: string }).id)
      if (text === undefined) throw new AppError('not_found', { detail: 'There is no run with this id.' })
      return reply.header('cache-control', 'no-store').type('application/json; charset=utf-8').send(text)
    },
  })
}
