import { hash } from 'node:crypto'
import type { FastifyReply, FastifyRequest, onRequestHookHandler } from 'fastify'
import { AppError, type Clock, type ProblemCode } from '../../core/index.ts'
import { bearerToken, declaredBytes, type Meter } from '../../http/index.ts'
import type { Redis } from '../redis/index.ts'
import { clientKey } from './client-key.ts'
import { createLimiter } from './limiter.ts'
import { createMissGate } from './miss-gate.ts'
import { type RatePolicy, setRateHeaders } from './rate-headers.ts'
import { createUploadMeter } from './upload-meter.ts'
import type { Decision, Limit } from './window.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /**
     * Counts the body while it is read; only there where uploads have a limit. No decorator of Fastify's: that would be
     * set on every request, and reads are too many for it.
     */
    meter?: Meter
  }
}

/** The rate limits of the service; what is null has none. `upload` counts bytes. */
export type Rates = { create: Limit | null; upload: Limit | null; read: Limit | null; miss: Limit | null }

/** The limits at work. */
export type RateGuards = {
  /** Hooks for routes that write, and for routes that read; empty where there is no limit. */
  create: onRequestHookHandler[]
  read: onRequestHookHandler[]
  /** For routes that read or change what a slug names: a client without misses left is refused before the look-up. */
  lookup: onRequestHookHandler[]
  edit: onRequestHookHandler[]
  /** For routes that take more of an upload that was begun: each request counts, since each costs statements. */
  append: onRequestHookHandler[]
  /** Counts a request for something unknown; `too_many_misses` when a client had too many. */
  miss(request: FastifyRequest, reply: FastifyReply): Promise<AppError | undefined>
  /** `too_many_misses` for a client that has none left, as `lookup` asks; for a route that looks up only sometimes. */
  overMisses(request: FastifyRequest, reply: FastifyReply): AppError | undefined
}

/** Nothing else can be the edit token of a paste. */
const EDIT_TOKEN = /^[\w-]{43}$/

/**
 * Limits by client, counted by all replicas together while Redis is available, else by each on its own.
 *
 * Writes are counted by address, and by edit token where one is sent, valid or not: both must have some left. So an
 * invented token raises no limit, and a shared one gives all its users together what one client gets.
 */
export function createRateGuards(
  rates: Rates,
  deps: { clock: Clock; redis: Redis | undefined; refused?: (() => void) | undefined },
): RateGuards {
  const rule = (name: string, limit: Limit | null, counts: RatePolicy['counts'] = 'requests') =>
    limit && { policy: { name, limit, counts }, limiter: createLimiter({ name, limit, ...deps }) }
  const creates = rule('create', rates.create)
  const tokens = rule('edit-token', rates.create)
  const uploads = rule('upload', rates.upload, 'bytes')
  const reads = rule('read', rates.read)
  const misses = rule('miss', rates.miss)
  const gate = misses && createMissGate(misses.limiter, deps.clock.now)

  function judge({ policy }: Rule, reply: FastifyReply, decision: Decision, code?: ProblemCode): AppError | undefined {
    setRateHeaders(reply.raw, policy, decision)
    return decision.allowed ? undefined : refusal(decision, policy, code)
  }

  async function take(rule: Rule | null, key: string | undefined, reply: FastifyReply) {
    if (!rule || key === undefined) return undefined
    return judge(rule, reply, await rule.limiter.take(key))
  }

  async function takeBytes(rule: Rule | null, client: string, request: FastifyRequest, reply: FastifyReply) {
    const { raw } = request
    const declared = raw.headers['transfer-encoding'] === undefined ? (declaredBytes(raw) ?? 0) : undefined
    if (!rule || declared === 0) return undefined
    const { limiter, policy } = rule
    const onDecision = (decision: Decision) => setRateHeaders(reply.raw, policy, decision)
    const refuse = (decision: Decision) => refusal(decision, policy)
    const meter = createUploadMeter({ limiter, client, declaredBytes: declared, onDecision, refuse })
    request.meter = meter
    reply.raw.once('close', meter.end)
    const decision = await meter.begin()
    return decision.allowed ? undefined : refuse(decision)
  }

  async function admit(request: FastifyRequest, reply: FastifyReply): Promise<AppError | undefined> {
    const client = clientKey(request.ip)
    // Asked at once: one round trip to Redis for both.
    const byAddress = take(creates, client, reply)
    const byBytes = takeBytes(uploads, client, request, reply)
    // Only then, else a flood of invented tokens would fill memory although each of them is refused.
    return (await byAddress) ?? (await byBytes) ?? take(tokens, tokenKey(request), reply)
  }

  const overMisses: RateGuards['overMisses'] = (request, reply) => {
    if (!misses || !gate || gate.isOpen()) return undefined
    const decision = gate.refusal(clientKey(request.ip))
    return decision && judge(misses, reply, decision, 'too_many_misses')
  }
  const gated: onRequestHookHandler[] = misses ? [(request, reply, done) => done(overMisses(request, reply))] : []
  const write: onRequestHookHandler[] =
    creates || uploads ? [(request, reply, done) => void admit(request, reply).then(done, done)] : []
  const read: onRequestHookHandler[] = reads
    ? [
        (request, reply, done) => {
          const decision = reads.limiter.take(clientKey(request.ip))
          if (decision instanceof Promise) decision.then((taken) => done(judge(reads, reply, taken)), done)
          else done(judge(reads, reply, decision))
        },
      ]
    : []
  return {
    create: write,
    append: write,
    read,
    lookup: [...gated, ...read],
    edit: [...gated, ...write],
    async miss(request, reply) {
      return misses && gate
        ? judge(misses, reply, await gate.take(clientKey(request.ip)), 'too_many_misses')
        : undefined
    },
    overMisses,
  }
}

type Rule = { policy: RatePolicy; limiter: ReturnType<typeof createLimiter> }

/** The bearer token's SHA-256 in hex; undefined where the request has none that could be an edit token. */
function tokenKey(request: FastifyRequest): string | undefined {
  const token = bearerToken(request.headers.authorization)
  return token !== undefined && EDIT_TOKEN.test(token) ? hash('sha256', token) : undefined
}

/** The error for a refusal, with Retry-After (RFC 9110 section 10.2.3). */
function refusal(decision: Decision, { counts }: RatePolicy, code: ProblemCode = 'rate_limited'): AppError {
  const seconds = Math.max(1, Math.ceil(decision.retryAfterMs / 1_000))
  const what = counts === 'bytes' ? `You may upload ${decision.remaining} bytes now. ` : ''
  return new AppError(code, { detail: `${what}Try again in ${seconds} s.`, headers: { 'retry-after': `${seconds}` } })
}
