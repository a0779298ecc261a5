import { setTimeout as delay } from 'node:timers/promises'
import type { Run, RunStep } from '../../src/analytics/runs/schema.ts'
import { judgeClaims } from './claims.ts'
import { type CrowdSeen, startCrowds } from './crowds.ts'
import type { Ground } from './ground.ts'
import { createLadder, isBorne, type Rung } from './ladder.ts'
import type { Metronome } from './metronome.ts'
import { kneeOf, machine, runId, whyVoid } from './outcome.ts'
import type { LoadedProfile } from './profile.ts'
import { readRecordings, readVersion } from './recordings.ts'
import { createMeter } from './resources.ts'
import { makeSchedule } from './schedule.ts'
import { type Progress, runStep } from './step.ts'
import type { System } from './system.ts'
import type { Figures } from './tally.ts'
import type { World } from './world.ts'

const GRACE_MS = 1_000
const DRAIN_MS = 30_000
const REST_MS = 1_000
const LONGEST_REST_MS = 15_000

/** What a run hears and needs beside the profile and the system. */
export type ExperimentOptions = {
  name: string
  seed: number
  metronome: Metronome
  /** Between steps, ms: what a rate too high has left behind must not burden the next. */
  restMs?: number
  /** Ends the run: it throws then. */
  signal?: AbortSignal
  onPhase(words: string): void
  onProgress(perSecond: number, progress: Progress): void
  onStep(step: RunStep): void
}

/** A run and what it has no room for. */
export type Experiment = { run: Run; crowds: CrowdSeen[] }

/** Carries out a profile on prepared ground, step by step, and says what came of it. */
export async function experiment(
  { profile, text }: LoadedProfile,
  system: System,
  { world }: Ground,
  options: ExperimentOptions,
): Promise<Experiment> {
  const { name, seed, metronome, restMs = REST_MS, onPhase, onProgress, onStep } = options
  const startedAt = Date.now()
  const crowds = startCrowds(system.url, profile.crowds ?? [], world.population)
  const watched = [...system.watched, { resource: 'generator cpu', pids: () => [process.pid], oneThread: true }]
  const readsBefore = system.storeReads?.()
  const steps: RunStep[] = []
  const rungs: Rung[] = []
  const statuses: Figures['statuses'][] = []
  let bursts = 0
  const mostP99Ms = profile.knee?.p99Ms ?? Number.POSITIVE_INFINITY
  let resources: RunStep['resources'] = []
  let seen: CrowdSeen[] = []
  const take = async (perSecond: number, seconds: number, drawn: number) => {
    const meter = createMeter(watched, () => performance.now())
    const schedule = makeSchedule({ profile, seed: drawn, perSecond, seconds, firstBurst: bursts })
    if (profile.arrivals.bursts) bursts += schedule.length / profile.arrivals.bursts.size
    const beganAt = Date.now()
    const { tally, goodInTime } = await runStep(world, profile.mix, schedule, {
      metronome,
      monotonic: () => performance.now(),
      drainMs: DRAIN_MS,
      graceMs: profile.knee?.p99Ms ?? GRACE_MS,
      signal: options.signal,
      onProgress: (progress) => onProgress(perSecond, progress),
      onArrived() {
        if (!profile.arrivals.bursts) resources = meter.read()
      },
    })
    // A burst begins in a moment: what follows is its work.
    if (profile.arrivals.bursts) resources = meter.read()
    return { figures: tally.figures(), beganAt, arrivals: schedule.length, achieved: goodInTime / seconds }
  }
  try {
    const ladder = createLadder(profile)
    const { seconds, warmUpSeconds = 0, bursts: each } = profile.arrivals
    const first = ladder.next([])
    if (warmUpSeconds > 0 && first !== null) {
      onPhase(`warming up for ${warmUpSeconds} s`)
      await take(first, warmUpSeconds, seed ^ WARM_UP)
    }
    for (let perSecond = first; perSecond !== null; perSecond = ladder.next(rungs)) {
      const { figures, beganAt, arrivals, achieved } = await take(perSecond, seconds, seed + rungs.length)
      const step: RunStep = {
        startedAt: beganAt,
        seconds,
        offeredPerSecond: Number((each ? arrivals / seconds : perSecond).toFixed(2)),
        achievedPerSecond: Number(achieved.toFixed(2)),
        errors: figures.errors,
        errorsByCode: figures.errorsByCode,
        checkedBodies: figures.checkedBodies,
        wrongBodies: figures.wrongBodies,
        byOperation: figures.byOperation,
        resources,
        lagP99Ms: figures.lagP99Ms,
      }
      steps.push(step)
      statuses.push(figures.statuses)
      rungs.push({ perSecond, isBorne: isBorne({ ...step, offeredPerSecond: arrivals / seconds }, mostP99Ms) })
      onStep(step)
      await rest(world, rungs.at(-1)?.isBorne ?? true, restMs)
    }
    seen = crowds.seen()
  } finally {
    crowds.stop()
  }
  const knee = profile.knee ? kneeOf(steps, rungs) : null
  const readsAfter = system.storeReads?.()
  const storeReadsPerBurst =
    readsBefore === undefined || readsAfter === undefined ? null : (readsAfter - readsBefore) / Math.max(1, bursts)
  const claimed = profile.expect?.winnersPerPaste ? [...world.winners].slice(0, bursts) : []
  const run: Run = {
    version: 1,
    id: runId(startedAt, profile.name),
    name,
    startedAt,
    endedAt: Date.now(),
    profile: { name: profile.name, text },
    seed,
    target: system.name.slice(0, 200),
    void: whyVoid(steps, rungs, profile.arrivals.bursts !== undefined),
    machine: machine(),
    system: { version: await readVersion(system), replicas: system.replicas.length || null },
    offered: {
      arrivals: profile.arrivals.process,
      perSecond: steps.map(({ offeredPerSecond }) => offeredPerSecond),
      seconds: profile.arrivals.seconds,
    },
    steps,
    knee,
    claims: judgeClaims(profile.expect ?? {}, { steps, statuses, knee, winners: claimed, storeReadsPerBurst }),
    recordings: await readRecordings(system, startedAt),
  }
  return { run, crowds: seen }
}

const WARM_UP = 0x0a11

/** Waits until a queue that was too long for the server is worked off. */
async function rest(world: World, wasBorne: boolean, restMs: number): Promise<void> {
  const until = performance.now() + LONGEST_REST_MS
  await delay(restMs)
  while (!wasBorne && world.lanes().waiting() > 0 && performance.now() < until) await delay(REST_MS)
}
