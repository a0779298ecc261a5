import type { onRequestHookHandler } from 'fastify'
import { AppError, type ProblemCode } from '../core/index.ts'
import { clientKey, type Decision, type Limiter } from './limiter/index.ts'

/** A hook that takes one unit of a client's rate for each request; throws `rate_limited` when there is none left. */
export function rateGuard(limiter: Limiter): onRequestHookHandler {
  return (request, _reply, done) => {
    const decision = limiter.take(clientKey(request.ip))
    if (decision instanceof Promise) decision.then((taken) => done(refusal(taken, 'rate_limited')))
    else done(refusal(decision, 'rate_limited'))
  }
}

/** The error for a decision, if it is a refusal: says when to come back (RFC 9110 Retry-After, RateLimit fields draft). */
export function refusal(decision: Decision, code: ProblemCode): AppError | undefined {
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
