import { describe, expect, test } from 'vitest'
import { createSeeded } from '../../blackbox/seeded.ts'
import { createBodies, drawBody } from './bodies.ts'
import { planFaults } from './fault-plan.ts'
import { makePlan } from './plan.ts'

const OPTIONS = { seed: 7, durationMs: 60_000, ratePerSecond: 60, replicas: 3 }

describe('the plan of one seed', () => {
  test('is the same every time', () => {
    expect(makePlan(OPTIONS)).toEqual(makePlan(OPTIONS))
    expect(makePlan({ ...OPTIONS, seed: 8 })).not.toEqual(makePlan(OPTIONS))
  })

  test('has about as many operations as were wanted, in the order of time', () => {
    const moments = makePlan(OPTIONS).map(({ at }) => at)
    expect(moments.length).toBeGreaterThan(60 * 60 * 0.75)
    expect(moments.length).toBeLessThan(60 * 60 * 1.25)
    expect(moments).toEqual(moments.toSorted((one, other) => one - other))
  })

  test('has every kind of operation on every replica and through nginx', () => {
    const seen = new Set(makePlan(OPTIONS).map(({ kind, via }) => `${kind} ${via}`))
    for (const kind of ['create', 'read', 'range', 'revalidate', 'head', 'describe', 'edit', 'claim', 'delete'])
      for (const via of ['front', 0, 1, 2]) expect(seen).toContain(`${kind} ${via}`)
  })
})

describe('the faults of one seed', () => {
  const options = { seed: 7, durationMs: 600_000, replicas: 3, parts: ['replicas', 'database', 'redis', 's3'] as const }

  test('are the same every time', () => {
    expect(planFaults(options)).toEqual(planFaults(options))
  })

  test('end before the run does, and are of the wanted parts alone', () => {
    const faults = planFaults({ ...options, parts: ['redis'] })
    expect(faults.length).toBeGreaterThan(50)
    for (const { at, durationMs, part } of faults) {
      expect(at + durationMs).toBeLessThanOrEqual(options.durationMs)
      expect(part).toBe('redis')
    }
  })
})

test('a content is the same bytes however it is cut', () => {
  const bodies = createBodies()
  const body = drawBody(createSeeded(3), 'mark')
  const whole = bodies.bytes(body)
  expect(whole).toHaveLength(body.sizeBytes)
  for (const [start, end] of [
    [0, 3],
    [2, 40],
    [5, 6],
    [30, body.sizeBytes],
  ] as const)
    expect(bodies.bytes(body, start, end).equals(whole.subarray(start, end))).toBe(true)
})
