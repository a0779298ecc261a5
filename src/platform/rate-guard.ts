import type { onRequestHookHandler } from 'fastify'
import { AppError, type Clock, type ProblemCode } from '../core/index.ts'
import { clientKey, createLimiter, type Decision, type Limit, type Limiter } from './limiter/index.ts'
import type { Redis } from './redis/index.ts'

/** The rate limits of the service; what is null has none. */
export type Rates = { create: Limit | null; read: Limit | null; miss: Limit | null }

/** The limits at work. */
export type RateGuards = {
  /** Hooks for routes that write, and for routes that read; empty where there is no limit. */
  create: onRequestHookHandler[]
  read: onRequestHookHandler[]
  /** Counts a request for something unknown; `too_many_misses` when a client had too many. `ip` as Fastify gives it. */
  miss(ip: string): Promise<AppError | undefined>
}

/** Limits by client, counted by all replicas together while Redis is available. */
export function createRateGuards(rates: Rates, deps: { clock: Clock; redis: Redis | undefined }): RateGuards {
  const { clock, redis } = deps
  const limiter = (name: string, limit: Limit | null) =>
    limit === null ? undefined : createLimiter({ name, limit, clock, ...(redis ? { redis } : {}) })
  const creates = limiter('create', rates.create)
  const reads = limiter('read', rates.read)
  const misses = limiter('miss', rates.miss)
  return {
    create: creates ? [guard(creates)] : [],
    read: reads ? [guard(reads)] : [],
    miss: async (ip) => (misses ? refusal(await misses.take(clientKey(ip)), 'too_many_misses') : undefined),
  }
}

/** A hook that takes one unit of a client's rate for each request; throws `rate_limited` when there is none left. */
function guard(limiter: Limiter): onRequestHookHandler {
  return (request, _reply, done) => {
    const decision = limiter.take(clientKey(request.ip))
    if (decision instanceof Promise) decision.then((taken) => done(refusal(taken, 'rate_limited')))
    else done(refusal(decision, 'rate_limited'))
  }
}

/** The error for a decision, if it is a refusal: says when to come back (RFC 9110 Retry-After, RateLimit fields draft). */
function refusal(decision: Decision, code: ProblemCode): AppError | undefined {
  if (decision.allowed) return undefined
  const seconds = Math.max(1, Math.ceil(decision.retryAfterMs / 1_000))
  return new AppError(code, {
    detail: `Try again in ${seconds} s.`,
    headers: {
      'retry-after': `${seconds}`,
      ratelimit: `"default";r=${decision.remaining};t=${Math.max(0, Math.ceil(decision.resetMs / 1_000))}`,
    },
  })
}
