import { readFileSync } from 'node:fs'
import { relative } from 'node:path'

/** What became of one file of tests, as far as vitest's JSON report is read here. */
type FileResult = { name: string; status: string; assertionResults: { status: string; fullName?: string }[] }

/** What became of a run of vitest: its files by path in the repository; undefined where it left no report. */
export type RunResult = { exitStatus: number; files: Map<string, FileResult> | undefined }

/** A file that failed, by its path, with the full names of its tests that did. */
export type Failure = { file: string; tests: string[] }

/** Reads the JSON report of a run that ended with `exitStatus`. */
export function readResult(root: string, reportFile: string, exitStatus: number): RunResult {
  try {
    const { testResults } = JSON.parse(readFileSync(reportFile, 'utf8')) as { testResults: FileResult[] }
    return { exitStatus, files: new Map(testResults.map((file) => [relative(root, file.name), file])) }
  } catch {
    return { exitStatus, files: undefined }
  }
}

/** The files that failed. */
export function failures({ files }: RunResult): Failure[] {
  return [...(files ?? [])]
    .filter(([, { status }]) => status === 'failed')
    .map(([file, { assertionResults }]) => ({
      file,
      tests: assertionResults.filter(({ status }) => status === 'failed').map(({ fullName = '' }) => fullName),
    }))
}

/**
 * The verdict on a run whose failed files were run again alone: those that `isForgiven` count as they were then, all
 * others as they were first, so that an unsteady test fails the run.
 */
export function withAgain(first: RunResult, again: RunResult, isForgiven: (failure: Failure) => boolean): RunResult {
  const files = new Map(first.files)
  for (const failure of failures(first)) {
    const result = again.files?.get(failure.file)
    if (result && isForgiven(failure)) files.set(failure.file, result)
  }
  const forgiven = failures({ ...first, files }).length === 0
  return { exitStatus: forgiven ? again.exitStatus : first.exitStatus, files: first.files && files }
}

/** Counts tests. What fails without a failing test (a file that does not load, a stray rejection) counts as one failure. */
export function countTests({ exitStatus, files }: RunResult): { passed: number; failed: number } {
  const all = [...(files?.values() ?? [])]
  const having = (wanted: string) =>
    all.flatMap(({ assertionResults }) => assertionResults).filter(({ status }) => status === wanted).length
  const broken = all.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some(({ status }) => status === 'failed'),
  )
  const failed = having('failed') + broken.length
  return { passed: having('passed'), failed: exitStatus === 0 && files ? failed : Math.max(1, failed) }
}
