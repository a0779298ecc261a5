import { mkdtempDisposableSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { countTests, failures, type RunResult, readResult, withAgain } from './report.ts'

function run(exitStatus: number, files: Record<string, string[]>): RunResult {
  const results = Object.entries(files).map(([name, tests]) => ({
    name,
    status: tests.includes('failed') || tests.length === 0 ? 'failed' : 'passed',
    assertionResults: tests.map((status, index) => ({ status, fullName: `test ${index}` })),
  }))
  return { exitStatus, files: new Map(results.map((result) => [result.name, result])) }
}

const nobody = () => false
const everybody = () => true

describe('the result of a run of the tests', () => {
  test('counts tests, and files that fail without one', () => {
    const result = run(1, { a: ['passed', 'passed'], b: ['passed', 'failed'], c: [] })
    expect(countTests(result)).toEqual({ passed: 3, failed: 2 })
    expect(failures(result)).toEqual([
      { file: 'b', tests: ['test 1'] },
      { file: 'c', tests: [] },
    ])
  })

  test('is a failure when the run ended badly, whatever its files say', () => {
    expect(countTests(run(137, { a: ['passed'] }))).toEqual({ passed: 1, failed: 1 })
  })

  test('is a failure when the run left no report', () => {
    expect(countTests(readResult('/', '/nowhere/report.json', 0))).toEqual({ passed: 0, failed: 1 })
  })

  test('stays a failure when what failed passes alone', () => {
    const first = run(1, { a: ['passed'], b: ['passed', 'failed'] })
    expect(countTests(withAgain(first, run(0, { b: ['passed', 'passed'] }), nobody))).toEqual({ passed: 2, failed: 1 })
  })

  test('forgives a test in quarantine that passes alone', () => {
    const first = run(1, { a: ['passed'], b: ['passed', 'failed'] })
    expect(countTests(withAgain(first, run(0, { b: ['passed', 'passed'] }), everybody))).toEqual({
      passed: 3,
      failed: 0,
    })
  })

  test('forgives none that fails again, and none beside it that is not in quarantine', () => {
    const first = run(1, { b: ['failed'], c: ['failed'] })
    expect(countTests(withAgain(first, run(1, { b: ['failed'], c: ['failed'] }), everybody)).failed).toBe(2)
    const again = run(0, { b: ['passed'], c: ['passed'] })
    expect(countTests(withAgain(first, again, ({ file }) => file === 'b')).failed).toBe(1)
  })

  test('forgives nothing when the second run left no report', () => {
    const first = run(1, { a: ['passed'], b: ['failed'] })
    expect(countTests(withAgain(first, { exitStatus: 1, files: undefined }, everybody)).failed).toBe(1)
  })

  test('is read from the report of vitest, with paths as the repository has them', () => {
    using folder = mkdtempDisposableSync(join(tmpdir(), 'pastebin-report-'))
    const file = join(folder.path, 'report.json')
    const assertionResults = [{ status: 'passed' }, { status: 'failed', fullName: 'x' }]
    writeFileSync(file, JSON.stringify({ testResults: [{ name: '/r/test/a', status: 'failed', assertionResults }] }))
    const result = readResult('/r', file, 1)
    expect(countTests(result)).toEqual({ passed: 1, failed: 1 })
    expect(failures(result)).toEqual([{ file: 'test/a', tests: ['x'] }])
  })
})
