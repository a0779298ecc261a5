import { performance } from 'node:perf_hooks'
import { type Bodies, type Body, mayBeObject } from './bodies.ts'
import type { Asking, Client, Reply } from './exchange.ts'
import { problemCode } from './judge.ts'
import type { Kind, Ledger, Operation, Sent, Via } from './ledger.ts'

/** What the clients know of one paste of the plan. */
export type Known = {
  slug: string | null
  editToken: string | null
  /** The content of the last acknowledged write. */
  latest: Body | null
  /** Every content that was ever sent to it. */
  bodies: Body[]
}

/** What performing a step needs. */
export type World = {
  client: Client
  bodies: Bodies
  ledger: Ledger
  /** Base address, without a slash at the end. */
  base(via: Via): string
  replicas: number
  pastes: Map<number, Known>
}

/** A request and everything that is to be remembered of it. */
export type Attempt = {
  kind: Kind
  via: Via
  paste: number
  slug: string | null
  scheduledAt: number
  known: Known
  asking: Asking
  sent?: Sent
}

/** Epoch milliseconds that never go backwards, with fractions. */
export function now(): number {
  return performance.timeOrigin + performance.now()
}

/** What is known of a paste, begun when nothing is. */
export function knownOf(world: World, paste: number): Known {
  const known = world.pastes.get(paste) ?? { slug: null, editToken: null, latest: null, bodies: [] }
  world.pastes.set(paste, known)
  return known
}

/** Sends one request, waits for the end of its answer, and writes both into the ledger. */
export async function attempt(world: World, what: Attempt): Promise<{ operation: Operation; reply: Reply }> {
  const { ledger } = world
  const { kind, via, paste, slug, scheduledAt, known, asking, sent } = what
  const operation: Operation = {
    id: ledger.operations.length,
    ...{ kind, via, paste, slug, scheduledAt },
    startedAt: now(),
    endedAt: Number.POSITIVE_INFINITY,
    ...{ outcome: 'info', status: null, code: null, broken: null, retryAfter: false },
    ...{ needsStore: known.bodies.some(mayBeObject), final: false },
    ...(sent && { sent }),
  }
  ledger.operations.push(operation)
  const reply = await world.client.ask(asking)
  operation.endedAt = now()
  operation.status = reply.status
  operation.broken = reply.broken
  operation.code = problemCode(reply)
  operation.retryAfter = reply.headers['retry-after'] !== undefined
  return { operation, reply }
}
