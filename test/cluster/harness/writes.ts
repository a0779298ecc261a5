import { bearer } from '../../blackbox/client.ts'
import type { Asking } from './exchange.ts'
import { judgeWrite } from './judge.ts'
import type { Operation, Sent } from './ledger.ts'
import { attempt, knownOf, now, type World } from './perform.ts'
import type { Step } from './plan.ts'
import { look } from './reads.ts'

/** Sends a create, and what follows from its answer: reads of the paste at once, or the same again elsewhere. */
export async function create(
  world: World,
  step: Extract<Step, { kind: 'create' }>,
  scheduledAt: number,
): Promise<Operation> {
  const { body, slug, expiresInMs, maxViews, idempotencyKey } = step
  const known = knownOf(world, step.paste)
  known.slug ??= slug
  if (!known.bodies.includes(body)) known.bodies.push(body)
  const query = new URLSearchParams({
    ...(slug && { slug }),
    ...(expiresInMs && { expiresIn: `${expiresInMs / 1_000}` }),
    ...(maxViews && { maxViews: `${maxViews}` }),
  })
  const { operation, reply } = await attempt(world, {
    ...{ kind: 'create', via: step.via, paste: step.paste, slug, scheduledAt, known },
    asking: {
      method: 'POST',
      url: `${world.base(step.via)}/api/v1/pastes?${query}`,
      headers: { 'content-type': 'text/plain', ...(idempotencyKey && { 'idempotency-key': idempotencyKey }) },
      body: world.bodies.bytes(body),
    },
    sent: { content: world.bodies.sha256(body), expiresInMs, maxViews, idempotencyKey, ifMatch: null },
  })
  judgeWrite(operation, reply)
  const told = operation.got?.editToken
  if (operation.outcome === 'ok' && told) {
    operation.slug = JSON.parse(reply.body.toString()).slug
    Object.assign(known, { slug: operation.slug, editToken: told, latest: known.latest ?? body })
    await Promise.all(step.confirm.map((via) => look(world, { at: 0, via, paste: step.paste, ...READ }, now())))
  }
  return operation
}

const READ = { kind: 'read', zstd: false } as const

/** Sends the first part of a create and goes away: nothing of it may ever be seen. */
export async function abort(world: World, step: Extract<Step, { kind: 'abort' }>, scheduledAt: number): Promise<void> {
  const { slug, body } = step
  const known = Object.assign(knownOf(world, step.paste), { slug, bodies: [body] })
  const { operation } = await attempt(world, {
    ...{ kind: 'abort', via: step.via, paste: step.paste, slug, scheduledAt, known },
    asking: {
      method: 'POST',
      url: `${world.base(step.via)}/api/v1/pastes?slug=${slug}`,
      headers: { 'content-type': 'text/plain' },
      body: world.bodies.bytes(body),
      leaveAfterBytes: Math.floor(step.share * body.sizeBytes),
    },
    sent: {
      content: world.bodies.sha256(body),
      expiresInMs: null,
      maxViews: null,
      idempotencyKey: null,
      ifMatch: null,
    },
  })
  // It could not know the end of the body.
  operation.outcome = 'fail'
}

/** Sends an edit, a new expiry or a delete; nothing when nobody holds the edit token. */
export async function change(
  world: World,
  step: Extract<Step, { kind: 'edit' | 'extend' | 'delete' }>,
  scheduledAt: number,
): Promise<void> {
  const known = knownOf(world, step.paste)
  const { slug, editToken, latest } = known
  if (slug === null || editToken === null || latest === null) return
  const { sha256, bytes } = world.bodies
  const headers = bearer(editToken)
  const url = `${world.base(step.via)}/api/v1/pastes/${slug}`
  const about = { kind: step.kind, via: step.via, paste: step.paste, slug, scheduledAt, known }
  const sent: Sent = { content: null, expiresInMs: null, maxViews: null, idempotencyKey: null, ifMatch: null }
  const send = async (asking: Asking) => {
    const { operation, reply } = await attempt(world, { ...about, asking, sent })
    judgeWrite(operation, reply)
    return operation
  }
  if (step.kind === 'delete') await send({ method: 'DELETE', url, headers })
  else if (step.kind === 'extend') {
    sent.expiresInMs = step.expiresInMs
    const body = Buffer.from(JSON.stringify({ expiresIn: step.expiresInMs / 1_000 }))
    await send({ method: 'PATCH', url, headers: { ...headers, 'content-type': 'application/json' }, body })
  } else {
    known.bodies.push(step.body)
    sent.content = sha256(step.body)
    sent.ifMatch = step.conditional ? sha256(latest) : null
    const condition = sent.ifMatch ? { 'if-match': `"${sent.ifMatch.slice(0, 32)}"` } : {}
    const plain = { 'content-type': 'application/octet-stream' }
    const { outcome } = await send({
      method: 'PUT',
      url: `${url}/content`,
      headers: { ...headers, ...plain, ...condition },
      body: bytes(step.body),
    })
    if (outcome === 'ok') known.latest = step.body
  }
}
