import { judgeRead } from './judge.ts'
import type { Operation } from './ledger.ts'
import { attempt, knownOf, type World } from './perform.ts'
import type { Step } from './plan.ts'

/** Reads in one of the many ways; undefined when the slug isn't known. */
export async function look(
  world: World,
  step: Extract<Step, { kind: 'read' | 'range' | 'revalidate' | 'head' | 'describe' | 'claim' }>,
  scheduledAt: number,
): Promise<Operation | undefined> {
  const known = knownOf(world, step.paste)
  const { slug, bodies } = known
  if (slug === null) return undefined
  const body = known.latest ?? bodies[0]
  const headers: Record<string, string> = { 'accept-encoding': step.kind === 'read' && step.zstd ? 'zstd' : 'identity' }
  if (step.kind === 'range' && body) {
    const from = Math.floor(step.from * body.sizeBytes)
    headers.range = `bytes=${from}-${from + Math.floor(step.share * (body.sizeBytes - from))}`
  }
  if (step.kind === 'revalidate' && body) headers['if-none-match'] = `"${world.bodies.sha256(body).slice(0, 32)}"`
  const rest = { describe: `/api/v1/pastes/${slug}`, claim: `/api/v1/pastes/${slug}/claim` }
  const path = step.kind === 'describe' || step.kind === 'claim' ? rest[step.kind] : `/raw/${slug}`
  const method = step.kind === 'claim' ? 'POST' : step.kind === 'head' ? 'HEAD' : 'GET'
  const { operation, reply } = await attempt(world, {
    ...{ kind: step.kind, via: step.via, paste: step.paste, slug, scheduledAt, known },
    asking: { method, url: `${world.base(step.via)}${path}`, headers },
  })
  judgeRead(operation, reply, known.bodies, world.bodies)
  return operation
}
