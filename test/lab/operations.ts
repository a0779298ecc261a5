import { createSeeded } from '../blackbox/seeded.ts'
import { createSizes } from './draws.ts'
import type { Asking, Lanes } from './lanes.ts'
import type { MixEntry, OperationName } from './profile-schema.ts'
import { ask, failureOf, type Reply } from './reply.ts'
import { type Outcome, WRONG_BYTES } from './tally.ts'
import type { Known, World } from './world.ts'

/** Does one request of an entry of the mix; `done` is called once, whatever happens. */
export type Perform = (target: number, done: (outcome: Outcome) => void) => void

/** How late an end may take effect; the clocks of the generator and the service may differ by it, too. */
const END_TOLERANCE_MS = 1_000
const GUESS_LENGTH = 8
const ALPHABET = '23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz'
const IDENTITY = ['accept-encoding', 'identity']
const ZSTD = ['accept-encoding', 'zstd']
const BROWSER = ['accept', 'text/html', 'accept-encoding', 'identity']

/** Prepares an entry of the mix. */
export function createPerform(world: World, entry: MixEntry): Perform {
  return MAKERS[entry.operation](world, entry)
}

type Maker = (world: World, entry: MixEntry) => Perform

const MAKERS: Record<OperationName, Maker> = {
  read: (world, entry) =>
    onKnown(world, entry, ({ slug }) => ({
      asking: { method: 'GET', path: `/raw/${slug}`, headers: entry.zstd ? ZSTD : IDENTITY },
      judge: judgeContent,
    })),
  range: (world, entry) =>
    onKnown(world, entry, ({ slug, sizeBytes }, target) => {
      const from = (target * 7_919) % Math.max(1, sizeBytes - (entry.rangeBytes ?? 1))
      const to = Math.min(sizeBytes, from + (entry.rangeBytes ?? 1)) - 1
      const headers = [...IDENTITY, 'range', `bytes=${from}-${to}`]
      return { asking: { method: 'GET', path: `/raw/${slug}`, headers }, judge: judgeRange(from, to) }
    }),
  page: (world, entry) =>
    onKnown(world, entry, ({ slug }) => ({
      asking: { method: 'GET', path: `/${slug}`, headers: BROWSER },
      judge: (reply) => (reply.status === 200 ? null : failureOf(reply)),
    })),
  describe: (world, entry) =>
    onKnown(world, entry, ({ slug, sha256 }) => ({
      asking: { method: 'GET', path: `/api/v1/pastes/${slug}`, headers: IDENTITY },
      judge: (reply) => (reply.status === 200 ? judgeNamed(reply, sha256) : failureOf(reply)),
    })),
  claim: (world, entry) =>
    onKnown(world, { ...entry, statuses: entry.statuses ?? [410] }, ({ slug }, target) => ({
      asking: { method: 'POST', path: `/api/v1/pastes/${slug}/claim`, headers: IDENTITY },
      judge(reply, known) {
        if (reply.status === 200) world.winners[target] = (world.winners[target] ?? 0) + 1
        return judgeContent(reply, known)
      },
    })),
  create: createMaker,
  delete: deleteMaker,
  guess: guessMaker,
}

type Judge = (reply: Reply, known: Known) => string | null

/** Requests for a paste of the population, whose life is taken into account. */
function onKnown(
  world: World,
  { from, statuses = [] }: MixEntry,
  make: (known: Known, target: number) => { asking: Asking; judge: Judge },
): Perform {
  const lanes = world.lanes(from)
  return (target, done) => {
    const known = world.population[target]
    if (!known) {
      done({ error: 'no_paste', status: null, bytes: 0, isChecked: false })
      return
    }
    const { asking, judge } = make(known, target)
    const startedAt = world.now()
    ask(lanes, asking, (reply) => {
      const { status, bytes } = reply
      const isAllowed = status !== null && reply.broken === null && statuses.includes(status)
      const error = isAllowed ? null : (ofLife(world, known, startedAt, status) ?? judge(reply, known))
      done({ error: error === OVER ? null : error, status, bytes, isChecked: status === 200 || status === 206 })
    })
  }
}

/** A paste that ended, or is about to, and is answered so. */
const OVER = 'over'

function ofLife(world: World, { expiresAt }: Known, startedAt: number, status: number | null): string | undefined {
  if (expiresAt === null) return undefined
  if (status === 410) return world.now() < expiresAt - END_TOLERANCE_MS ? 'ended_too_early' : OVER
  return status === 200 && startedAt > expiresAt + END_TOLERANCE_MS ? 'served_after_its_end' : undefined
}

function judgeContent(reply: Reply, { sha256 }: Known): string | null {
  if (reply.status !== 200 || reply.broken !== null) return failureOf(reply)
  return reply.sha256() === sha256 ? null : WRONG_BYTES
}

function judgeRange(from: number, to: number): Judge {
  return (reply, { sha256, sizeBytes }) => {
    if (reply.status !== 206 || reply.broken !== null) return failureOf(reply)
    const { etag, 'content-range': range } = reply.headers
    // A range has no digest of its own; the ETag names the content that it is of.
    const isRight = range === `bytes ${from}-${to}/${sizeBytes}` && reply.bytes === to - from + 1
    return isRight && `${etag}`.includes(sha256.slice(0, 32)) ? null : WRONG_BYTES
  }
}

function judgeNamed(reply: Reply, sha256: string): string | null {
  return reply.body().includes(sha256) ? null : WRONG_BYTES
}

function createMaker(world: World, entry: MixEntry): Perform {
  const lanes = world.lanes(entry.from)
  return (target, done) => {
    const sizeBytes = sizeOfCreate(entry, target)
    create(lanes, world.contents.pieces(target, sizeBytes), '', (known, reply) => {
      const { status } = reply
      if (!known) return done({ error: failureOf(reply), status, bytes: 0, isChecked: false })
      const isRight = known.sizeBytes === sizeBytes && known.sha256 === world.contents.sha256(target, sizeBytes)
      world.made.push(known)
      done({ error: isRight ? null : WRONG_BYTES, status, bytes: sizeBytes, isChecked: true })
    })
  }
}

/** How large the content of a create is, which its target decides. */
export function sizeOfCreate({ sizes = { bytes: 4096 } }: MixEntry, target: number): number {
  return createSizes(sizes)(createSeeded(target))
}

type Created = { slug: string; sha256: string; size: number; editToken: string; expiresAt: string | null }

/** Makes a paste of these bytes; `take` gets it, or undefined and the answer that refused it. */
export function create(
  lanes: Lanes,
  body: readonly Buffer[],
  query: string,
  take: (known: Known | undefined, reply: Reply) => void,
): void {
  const length = body.reduce((sum, piece) => sum + piece.length, 0)
  const headers = ['content-type', 'text/plain; charset=utf-8', 'content-length', `${length}`]
  ask(lanes, { method: 'POST', path: `/api/v1/pastes${query}`, headers, body }, (reply) => {
    if (reply.status !== 201 || reply.broken !== null) return take(undefined, reply)
    const { slug, sha256, size, editToken, expiresAt } = JSON.parse(reply.body().toString()) as Created
    const endsAt = expiresAt === null ? null : Date.parse(expiresAt)
    take({ slug, sha256, sizeBytes: size, editToken, expiresAt: endsAt }, reply)
  })
}

function deleteMaker(world: World, { from }: MixEntry): Perform {
  const lanes = world.lanes(from)
  return (_target, done) => {
    const victim = world.made.shift()
    if (!victim) return done({ error: 'nothing_to_delete', status: null, bytes: 0, isChecked: false })
    const headers = ['authorization', `Bearer ${victim.editToken}`]
    ask(lanes, { method: 'DELETE', path: `/api/v1/pastes/${victim.slug}`, headers }, (reply) => {
      const isDone = reply.status === 204 && reply.broken === null
      done({ error: isDone ? null : failureOf(reply), status: reply.status, bytes: 0, isChecked: false })
    })
  }
}

function guessMaker(world: World, { from, statuses = [404, 429] }: MixEntry): Perform {
  const lanes = world.lanes(from)
  return (target, done) => {
    const random = createSeeded(target)
    const slug = Array.from({ length: GUESS_LENGTH }, () => ALPHABET[random.below(ALPHABET.length)]).join('')
    ask(lanes, { method: 'GET', path: `/raw/${slug}`, headers: IDENTITY }, (reply) => {
      const { status } = reply
      const isExpected = status !== null && reply.broken === null && statuses.includes(status)
      done({ error: isExpected ? null : failureOf(reply), status, bytes: 0, isChecked: false })
    })
  }
}
