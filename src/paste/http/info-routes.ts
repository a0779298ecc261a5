import type { FastifyInstance } from 'fastify'
import { JSON_LIMIT_BYTES } from '../../http/index.ts'
import { CUSTOM_SLUG_PATTERN } from '../../shortening/index.ts'
import { documented } from './load-schemas.ts'
import type { PasteRouteDeps, Rate } from './route-deps.ts'
import { SLUG_PARAMS, slugOf } from './slug-param.ts'

/** Whether a slug is free, and the limits in force. */
export function infoRoutes(app: FastifyInstance, deps: PasteRouteDeps): void {
  const { pastes, guards } = deps

  app.route({
    method: 'GET',
    url: '/api/v1/slugs/:slug',
    onRequest: guards.lookup,
    config: documented((s) => ({
      operationId: 'checkSlug',
      summary: 'Whether a custom name is free',
      tags: ['pastes'],
      params: SLUG_PARAMS,
      response: { 200: s.AvailabilitySchema, default: s.ProblemSchema },
    })),
    handler: async (request, reply) => {
      const slug = slugOf(request)
      const answer = await pastes.availability(slug)
      // Asking here finds pastes as reading does, and "taken" is what a guesser looks for: both answers count as misses.
      const counts = answer.status === 'free' || answer.status === 'taken'
      const refused = counts ? await guards.miss(request, reply) : undefined
      if (refused) throw refused
      reply.header('cache-control', 'no-store')
      return { slug, ...answer }
    },
  })

  app.route({
    method: 'GET',
    url: '/api/v1/limits',
    config: documented((s) => ({
      operationId: 'getLimits',
      summary: 'Sizes, expiries and rates in force',
      tags: ['service'],
      response: { 200: s.LimitsSchema },
    })),
    handler: async () => {
      const { maxPasteBytes, expiry, rates, access } = deps.limits
      return {
        maxPasteBytes,
        maxJsonBytes: JSON_LIMIT_BYTES,
        expiry: {
          defaultSeconds: seconds(expiry.defaultMs),
          minSeconds: expiry.minMs / 1000,
          maxSeconds: seconds(expiry.maxMs),
        },
        access,
        slug: { pattern: CUSTOM_SLUG_PATTERN, minLength: 3, maxLength: 64 },
        rates: {
          create: rateJson(rates.create),
          upload: rates.upload && { bytes: rates.upload.count, windowSeconds: rates.upload.windowMs / 1000 },
          read: rateJson(rates.read),
          miss: rateJson(rates.miss),
        },
      }
    },
  })
}

function seconds(ms: number | null): number | null {
  return ms === null ? null : ms / 1000
}

function rateJson(rate: Rate): { count: number; windowSeconds: number } | null {
  return rate && { count: rate.count, windowSeconds: rate.windowMs / 1000 }
}
