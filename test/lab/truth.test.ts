import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { experiment } from './experiment.ts'
import { prepareGround } from './ground.ts'
import { type Decide, startKnownServer, worldOf } from './known-server.ts'
import { type Metronome, startMetronome } from './metronome.ts'
import { parseProfile } from './profile.ts'
import { makeSchedule } from './schedule.ts'
import { runStep } from './step.ts'
import { openTarget } from './system.ts'

const READS = {
  arrivals: { process: 'poisson' as const, seconds: 1.5 },
  mix: [{ operation: 'read' as const, share: 1, choice: 'one' as const }],
  population: { pastes: 1 },
}

let metronome: Metronome
beforeAll(async () => {
  metronome = await startMetronome()
})
afterAll(() => metronome.stop())

/** Reads from a server that decides about every answer; gives what the lab says, and what was. */
async function measure(perSecond: number, decide: Decide) {
  const server = await startKnownServer(decide)
  const world = await worldOf(server.url)
  try {
    const schedule = makeSchedule({ profile: READS, seed: 7, perSecond, seconds: READS.arrivals.seconds })
    let startAt: number | undefined
    const monotonic = () => {
      const now = performance.now()
      startAt ??= now
      return now
    }
    const { tally } = await runStep(world, READS.mix, schedule, { metronome, monotonic, drainMs: 10_000, graceMs: 0 })
    const took = server.answeredAt.map((at, index) => at - (startAt ?? 0) - (schedule.atMs[index] ?? 0))
    const sorted = took.sort((one, other) => one - other)
    const truth = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN
    return { figures: tally.figures(), schedule, truth }
  } finally {
    await world.close()
    await server.close()
  }
}

describe('the lab tells the truth', () => {
  test('one answer in a hundred that waits 2 s is what p99.9 shows, and p50 is not disturbed', async () => {
    // Two seconds: where the machine is busy, an answer may lie in a socket for longer than 5 % of half a second.
    const { figures, schedule, truth } = await measure(300, (index) => (index % 100 === 50 ? { delayMs: 2_000 } : {}))
    const [read] = figures.byOperation
    expect(read?.count).toBe(schedule.length)
    expect(read?.p999Ms).toBeGreaterThan(1_900)
    expect(Math.abs((read?.p999Ms ?? 0) / truth(0.999) - 1)).toBeLessThan(0.05)
    expect(read?.p50Ms).toBeLessThan(250)
    expect(figures.errors).toBe(0)
  })

  test('a server that stalls for a second is seen by everybody who was due meanwhile', async () => {
    let stallsFrom: number | undefined
    const { figures, truth } = await measure(200, (_, at) => {
      stallsFrom ??= at + 200
      const isStalled = at > stallsFrom && at < stallsFrom + 1_000
      return isStalled ? { delayMs: stallsFrom + 1_000 - at } : {}
    })
    const [read] = figures.byOperation
    // Two thirds of the arrivals wait, half a second on average; a client that waits itself would see one wait.
    expect(read?.p90Ms).toBeGreaterThan(500)
    expect(Math.abs((read?.p90Ms ?? 0) / truth(0.9) - 1)).toBeLessThan(0.15)
  })

  test('a wrong byte in a body is an error', async () => {
    const wrong = Buffer.alloc(4096, 'x')
    const { figures } = await measure(100, (index) => (index === 10 ? { body: wrong } : {}))
    expect(figures).toMatchObject({ errors: 1, wrongBodies: 1, errorsByCode: { wrong_bytes: 1 } })
  })

  test('a status that is not expected is an error of its own, and so is an answer that never comes', async () => {
    const server = await startKnownServer((index) => (index === 0 ? { status: 503 } : { delayMs: 60_000 }))
    const world = await worldOf(server.url)
    const schedule = makeSchedule({
      profile: { ...READS, arrivals: { process: 'even', seconds: 1 } },
      seed: 1,
      perSecond: 3,
      seconds: 1,
    })
    const deps = { metronome, monotonic: () => performance.now(), drainMs: 100, graceMs: 0 }
    const { tally, goodInTime } = await runStep(world, READS.mix, schedule, deps)
    await world.close()
    await server.close()
    expect(tally.figures().errorsByCode).toEqual({ status_503: 1, no_answer: 2 })
    expect(goodInTime).toBe(0)
  })

  test('the knee of a server that answers 1,000 in a second is below three times that', async () => {
    let freeAt = 0
    const server = await startKnownServer((_, at) => {
      freeAt = Math.max(at, freeAt) + 1
      return { delayMs: freeAt - at }
    })
    const loaded = parseProfile(`
      name: known
      about: a server with a known capacity
      population: { pastes: 3, sizes: { bytes: 1000 } }
      arrivals: { process: poisson, rates: [100, 3000], seconds: 1 }
      mix: [{ operation: read, share: 1 }]
      knee: { p99Ms: 600, bisections: 1 }
      expect: { errorShare: 0 }`)
    const system = openTarget(server.url, undefined)
    const ground = await prepareGround(loaded, system, 3, () => {})
    const silent = { onPhase: () => {}, onProgress: () => {}, onStep: () => {} }
    const { run } = await experiment(loaded, system, ground, { name: 'k', seed: 3, metronome, restMs: 0, ...silent })
    await ground.close()
    await server.close()
    expect(run.steps.map(({ offeredPerSecond }) => offeredPerSecond)).toEqual([100, 3000, 1550])
    expect(run.steps[1]?.achievedPerSecond).toBeLessThan(2_000)
    expect(run.knee?.perSecond).toBeLessThan(3_000)
    expect(run.claims).toEqual([{ claim: 'errors 0 %, expected at most 0 %', holds: true }])
  })
})
