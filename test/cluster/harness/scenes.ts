import type { Via } from './ledger.ts'
import type { Action, Draw, Step } from './plan.ts'

/** A small story about one paste: what happens to it from `at` (ms) on. */
type Scene = (draw: Draw, at: number) => Step[]

type CreateAction = Extract<Action, { kind: 'create' }>

const DAY_MS = 86_400_000

function create(draw: Draw, slug: string | null, more: Partial<CreateAction> = {}): CreateAction {
  const all = Array.from({ length: draw.replicas }, (_, replica) => replica)
  const confirm: Via[] = draw.random.next() < 0.2 ? all : [draw.via()]
  const rest = { expiresInMs: null, maxViews: null, idempotencyKey: null, confirm }
  return { kind: 'create', body: draw.body(), slug, ...rest, ...more }
}

function look(draw: Draw): Action {
  return draw.random.pick<Action>([
    [{ kind: 'read', zstd: false }, 5],
    [{ kind: 'read', zstd: true }, 3],
    [{ kind: 'range', from: draw.random.next(), share: draw.random.next() }, 2],
    [{ kind: 'revalidate' }, 2],
    [{ kind: 'head' }, 1],
    [{ kind: 'describe' }, 2],
  ])
}

/** Reads at these moments, each from somewhere else. */
function polls(draw: Draw, paste: number, moments: number[]): Step[] {
  return moments.map((at) => ({ at, via: draw.via(), paste, ...look(draw) }))
}

/** Reads of every replica at once: their caches are warm then. */
function everywhere(draw: Draw, paste: number, at: number): Step[] {
  return Array.from({ length: draw.replicas }, (_, via) => ({ at, via, paste, kind: 'read', zstd: false }))
}

/** Moments around an end at `endsAt`, more of them just past the second that it may take. */
function around(endsAt: number): number[] {
  return [-400, 300, 900, 1_050, 1_150, 1_400, 2_000, 4_000].map((offset) => endsAt + offset)
}

function make(draw: Draw, at: number): Step[] {
  const paste = draw.newPaste(at, true)
  const slug = draw.random.next() < 0.75 ? draw.slugOf(paste) : null
  return [{ at, via: draw.via(), paste, ...create(draw, slug) }]
}

function makeOnce(draw: Draw, at: number): Step[] {
  const paste = draw.newPaste(at, true)
  const action = create(draw, draw.random.next() < 0.4 ? draw.slugOf(paste) : null, {
    idempotencyKey: `key-${draw.slugOf(paste)}`,
  })
  const first: Step = { at, via: draw.via(), paste, ...action }
  // Impatient clients repeat while the first is under way, careful ones long after.
  return draw.random.next() < 0.5 ? [first] : [first, { ...first, at: at + draw.random.below(3_000), via: draw.via() }]
}

function makeAndAbort(draw: Draw, at: number): Step[] {
  const paste = draw.newPaste(at, false)
  const slug = draw.slugOf(paste)
  const step: Step = { at, via: draw.via(), paste, kind: 'abort', body: draw.body(), slug, share: draw.random.next() }
  const next: Step = { at: at + 6_000, via: draw.via(), paste, ...create(draw, slug) }
  return [step, ...polls(draw, paste, [at + 500, at + 5_000]), next]
}

function makeShortLived(draw: Draw, at: number): Step[] {
  const paste = draw.newPaste(at, false)
  const expiresInMs = (1 + draw.random.below(6)) * 1_000
  const made: Step = { at, via: draw.via(), paste, ...create(draw, draw.slugOf(paste), { expiresInMs }) }
  const prolonged: Step = { at: at + 600, via: draw.via(), paste, kind: 'extend', expiresInMs: DAY_MS }
  const more = draw.random.next() < 0.2 ? [prolonged] : []
  return [made, ...more, ...polls(draw, paste, around(at + expiresInMs))]
}

function makeLimited(draw: Draw, at: number, maxViews: number, claimers: number): Step[] {
  const paste = draw.newPaste(at, false)
  const made: Step = { at, via: draw.via(), paste, ...create(draw, draw.slugOf(paste), { maxViews }) }
  // What previews and prefetches do: it must cost no reading.
  const previews = polls(draw, paste, [at + 1_000, at + 1_500])
  const claims = Array.from({ length: claimers }, (): Step => {
    return { at: at + 2_000 + draw.random.below(20), via: draw.via(), paste, kind: 'claim' }
  })
  const late: Step = { at: at + 3_000, via: draw.via(), paste, kind: 'claim' }
  return [made, ...previews, ...claims, late, ...polls(draw, paste, [at + 2_100, at + 4_000])]
}

function race(draw: Draw, at: number): Step[] {
  const paste = draw.newPaste(at, true)
  const slug = draw.slugOf(paste)
  const rivals = 2 + draw.random.below(7)
  const creates = Array.from({ length: rivals }, (): Step => {
    return { at: at + draw.random.below(5), via: draw.via(), paste, ...create(draw, slug, { confirm: [] }) }
  })
  return [...creates, ...polls(draw, paste, [at + 300, at + 1_000, at + 3_000])]
}

function edit(draw: Draw, at: number): Step[] {
  const paste = draw.target(at)
  if (paste === undefined) return []
  const change = (): Step => {
    return { at, via: draw.via(), paste, kind: 'edit', body: draw.body(), conditional: draw.random.next() < 0.5 }
  }
  const rival = draw.random.next() < 0.2 ? [change()] : []
  return [...everywhere(draw, paste, at - 100), change(), ...rival, ...polls(draw, paste, [at + 1_500, at + 5_600])]
}

/** Several at once may replace one content only: who wins is what a lost answer makes doubtful. */
function rivalEdits(draw: Draw, at: number): Step[] {
  const paste = draw.target(at)
  if (paste === undefined) return []
  const rivals = 3 + draw.random.below(6)
  const edits = Array.from({ length: rivals }, (): Step => {
    return { at, via: draw.replica(), paste, kind: 'edit', body: draw.body(), conditional: true }
  })
  return [...edits, ...polls(draw, paste, [at + 700, at + 5_600])]
}

function remove(draw: Draw, at: number): Step[] {
  const paste = draw.victim(at)
  if (paste === undefined) return []
  const ends: Step = { at, via: draw.via(), paste, kind: 'delete' }
  const moments = [5, 50, 500, 2_000, 4_000, 5_300].map((offset) => at + offset)
  const onceMore: Step = { at: at + 50, via: ends.via, paste, kind: 'read', zstd: false }
  const before = everywhere(draw, paste, at - 100)
  return [...before, ends, onceMore, ...polls(draw, paste, moments), ...everywhere(draw, paste, at + 6_000)]
}

function shorten(draw: Draw, at: number): Step[] {
  const paste = draw.victim(at)
  if (paste === undefined) return []
  const expiresInMs = (1 + draw.random.below(6)) * 1_000
  const change: Step = { at, via: draw.via(), paste, kind: 'extend', expiresInMs }
  return [
    ...everywhere(draw, paste, at - 100),
    change,
    ...polls(draw, paste, [...around(at + expiresInMs), at + expiresInMs + 6_000]),
  ]
}

function readOne(draw: Draw, at: number): Step[] {
  const paste = draw.target(at)
  return paste === undefined ? [] : polls(draw, paste, [at])
}

/** Every kind of scene. */
export const SCENES = {
  make,
  makeOnce,
  makeAndAbort,
  makeShortLived,
  race,
  edit,
  rivalEdits,
  remove,
  shorten,
  readOne,
  burn: (draw, at) => makeLimited(draw, at, 1, draw.random.next() < 0.1 ? 64 : 8 + draw.random.below(10)),
  limit: (draw, at) => makeLimited(draw, at, 2 + draw.random.below(4), 8 + draw.random.below(8)),
} satisfies Record<string, Scene>

/** How often each comes. */
export const SCENE_WEIGHTS: readonly [keyof typeof SCENES, number][] = [
  ['make', 14],
  ['makeOnce', 5],
  ['makeAndAbort', 2],
  ['makeShortLived', 4],
  ['race', 3],
  ['edit', 6],
  ['rivalEdits', 3],
  ['remove', 2],
  ['shorten', 1],
  ['readOne', 45],
  ['burn', 2],
  ['limit', 1],
]
