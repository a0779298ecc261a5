import { mkdtempDisposableSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { countTests, failedFiles, type RunResult, readResult, withAgain } from './report.ts'

function run(exitStatus: number, files: Record<string, string[]>): RunResult {
  const results = Object.entries(files).map(([name, tests]) => ({
    name,
    status: tests.includes('failed') || tests.length === 0 ? 'failed' : 'passed',
    assertionResults: tests.map((status) => ({ status })),
  }))
  return { exitStatus, files: new Map(results.map((result) => [result.name, result])) }
}

describe('what is told of a run of the tests', () => {
  test('tests are counted, and files that fail without one', () => {
    const result = run(1, { a: ['passed', 'passed'], b: ['passed', 'failed'], c: [] })
    expect(countTests(result)).toEqual({ passed: 3, failed: 2 })
    expect(failedFiles(result)).toEqual(['b', 'c'])
  })

  test('a run that ended badly has failed, whatever its files say', () => {
    expect(countTests(run(137, { a: ['passed'] }))).toEqual({ passed: 1, failed: 1 })
  })

  test('a run that left no report has failed', () => {
    expect(countTests(readResult('/nowhere/report.json', 0))).toEqual({ passed: 0, failed: 1 })
  })

  test('a file that was run again counts as it was then', () => {
    const first = run(1, { a: ['passed'], b: ['passed', 'failed'] })
    expect(countTests(withAgain(first, run(0, { b: ['passed', 'passed'] })))).toEqual({ passed: 3, failed: 0 })
    expect(countTests(withAgain(first, run(1, { b: ['passed', 'failed'] })))).toEqual({ passed: 2, failed: 1 })
  })

  test('a second run that left no report has failed', () => {
    const first = run(1, { a: ['passed'], b: ['failed'] })
    expect(countTests(withAgain(first, { exitStatus: 1, files: undefined })).failed).toBe(1)
  })

  test("vitest's report is read", () => {
    using folder = mkdtempDisposableSync(join(tmpdir(), 'pastebin-report-'))
    const file = join(folder.path, 'report.json')
    const assertionResults = [{ status: 'passed' }, { status: 'failed' }]
    writeFileSync(file, JSON.stringify({ testResults: [{ name: 'a', status: 'failed', assertionResults }] }))
    expect(countTests(readResult(file, 1))).toEqual({ passed: 1, failed: 1 })
  })
})
