import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { runOf } from '../analytics/runs/run-of.ts'
import { describeRun } from './report.ts'
import { openRuns } from './runs.ts'
import { createSketch, decodeSketch, encodeSketch, mergeSketches } from './sketch.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lab-runs-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

test('runs are found by id, by name, and several with commas', () => {
  const runs = openRuns(folder)
  const [first, second, third] = [
    runOf({ id: 'run-001', name: 'before', startedAt: 1 }),
    runOf({ id: 'run-002', name: 'before', startedAt: 2 }),
    runOf({ id: 'run-003', name: 'after', startedAt: 3 }),
  ] as const
  for (const run of [third, first, second]) runs.save(run)
  expect(runs.all()).toEqual([first, second, third])
  expect(runs.find('before')).toEqual([first, second])
  expect(runs.find('run-002,after')).toEqual([second, third])
  expect(() => runs.find('nobody')).toThrow('there is no run nobody')
})

test('what is no run is neither saved nor listed', () => {
  const runs = openRuns(folder)
  expect(() => runs.save({ ...runOf({}), seed: -1 })).toThrow('malformed at /seed')
  expect(() => runs.save(runOf({ recordings: 'x'.repeat(2 ** 20) }))).toThrow('bytes')
  writeFileSync(join(folder, 'other.json'), '{}')
  expect(runs.all()).toEqual([])
})

test('sketches of runs can be merged, and percentiles taken from the whole', () => {
  const [one, other] = [createSketch(), createSketch()]
  for (let value = 1; value <= 500; value++) one.accept(value)
  for (let value = 501; value <= 1_000; value++) other.accept(value)
  const whole = mergeSketches([one, other].map((sketch) => decodeSketch(encodeSketch(sketch))))
  expect(whole.getValueAtQuantile(0.99) / 990).toBeCloseTo(1, 1)
  expect(whole.count).toBe(1_000)
})

test('the report of a run says its knee, what saturated, its errors and its verdict', () => {
  const claims = [{ claim: 'knee 900/s, expected at least 1000/s', holds: false }]
  const text = describeRun(runOf({ knee: { perSecond: 900, saturated: 'replica 1 cpu' }, claims }))
  expect(text).toContain('Knee: 900/s. Saturated first: replica 1 cpu.')
  expect(text).toContain('Errors: none; 10,000 bodies checked, 0 wrong')
  expect(text).toContain('✗ knee 900/s, expected at least 1000/s')
  expect(text).toContain('Verdict: 1 of 1 expectations missed.')
  expect(describeRun(runOf({ void: 'the generator lagged' }))).toContain('VOID: the generator lagged.')
})
