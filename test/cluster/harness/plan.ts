import { createSeeded, type Seeded } from '../../blackbox/seeded.ts'
import { type Body, drawBody } from './bodies.ts'
import type { Via } from './ledger.ts'
import { SCENE_WEIGHTS, SCENES } from './scenes.ts'

/** One request of the plan, `at` milliseconds after the start. */
export type Step = { at: number; via: Via; paste: number } & Action

/** What a step does; times are in milliseconds, shares in [0, 1). */
export type Action =
  | {
      kind: 'create'
      body: Body
      /** Absent: the service chooses. */
      slug: string | null
      expiresInMs: number | null
      maxViews: number | null
      /** With it, a create that failed is sent again to other replicas until its outcome is known. */
      idempotencyKey: string | null
      /** Replicas from which it is read as soon as it is acknowledged. */
      confirm: Via[]
    }
  | { kind: 'abort'; body: Body; slug: string; share: number }
  | { kind: 'edit'; body: Body; conditional: boolean }
  | { kind: 'extend'; expiresInMs: number }
  | { kind: 'read'; zstd: boolean }
  | { kind: 'range'; from: number; share: number }
  | { kind: 'delete' }
  | { kind: 'claim' }
  | { kind: 'revalidate' }
  | { kind: 'head' }
  | { kind: 'describe' }

/** How long, how busy, and on how many replicas. */
export type PlanOptions = {
  seed: number
  durationMs: number
  ratePerSecond: number
  replicas: number
  /** Which scenes, and how often each; all of them when absent. */
  scenes?: readonly [keyof typeof SCENES, number][] | undefined
}

/** What scenes draw from. */
export type Draw = {
  random: Seeded
  replicas: number
  /** Nginx or a replica. */
  via(): Via
  replica(): number
  body(): Body
  /** A paste that can be read and changed, and is some time old; undefined as long as there is none. */
  target(at: number): number | undefined
  /** The same, and it is not to be chosen again: it is going to end. */
  victim(at: number): number | undefined
  /** A number for a new paste; `lasting` ones may be chosen as targets from half a second after `at` on. */
  newPaste(at: number, lasting: boolean): number
  slugOf(paste: number): string
}

const SETTLING_MS = 1_000
const FRONT_SHARE = 0.4

/**
 * Everything that the clients of one run are going to do, in the order of time; the same for the same options. Scenes
 * begin as if by chance, so that the whole comes to `ratePerSecond`; nothing waits for an answer to begin.
 */
export function makePlan({ seed, durationMs, ratePerSecond, replicas, scenes }: PlanOptions): Step[] {
  const random = createSeeded(seed)
  const lasting: { paste: number; at: number }[] = []
  let pastes = 0
  let bodies = 0
  const ready = (at: number) => {
    const index = lasting.findLastIndex((entry) => entry.at + SETTLING_MS <= at)
    // Recent ones more often: they are in caches, and they are where replicas disagree.
    return index < 0 ? undefined : index - Math.floor((index + 1) * random.next() ** 3)
  }
  const draw: Draw = {
    random,
    replicas,
    via: () => (random.next() < FRONT_SHARE ? 'front' : random.below(replicas)),
    replica: () => random.below(replicas),
    body: () => drawBody(random, `soak ${seed} body ${bodies++}`),
    target: (at) => lasting[ready(at) ?? -1]?.paste,
    victim(at) {
      const index = ready(at)
      return index === undefined ? undefined : lasting.splice(index, 1)[0]?.paste
    },
    newPaste(at, lasts) {
      if (lasts) lasting.push({ paste: pastes, at })
      return pastes++
    },
    slugOf: (paste) => `soak-${seed.toString(36)}-${paste}`,
  }
  const weights = [...(scenes ?? SCENE_WEIGHTS)]
  const steps: Step[] = []
  for (let at = 0; at < durationMs; ) {
    const scene = SCENES[random.pick(weights)](draw, at)
    steps.push(...scene)
    at += (Math.max(scene.length, 1) / ratePerSecond) * 1_000 * (0.5 + random.next())
  }
  return steps.filter((step) => step.at < durationMs).sort((one, other) => one.at - other.at)
}
