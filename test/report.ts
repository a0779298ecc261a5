import { readFileSync } from 'node:fs'

/** What became of one file of tests, as far as vitest's JSON report is read here. */
type FileResult = { name: string; status: string; assertionResults: { status: string }[] }

/** What became of a run of vitest: its files by path; undefined where it left no report. */
export type RunResult = { exitStatus: number; files: Map<string, FileResult> | undefined }

/** Reads the JSON report of a run that ended with `exitStatus`. */
export function readResult(reportFile: string, exitStatus: number): RunResult {
  try {
    const { testResults } = JSON.parse(readFileSync(reportFile, 'utf8')) as { testResults: FileResult[] }
    return { exitStatus, files: new Map(testResults.map((file) => [file.name, file])) }
  } catch {
    return { exitStatus, files: undefined }
  }
}

/** The paths of the files that failed. */
export function failedFiles({ files }: RunResult): string[] {
  return [...(files?.values() ?? [])].filter(({ status }) => status === 'failed').map(({ name }) => name)
}

/** What is known after a part of the first run's files was run again. */
export function withAgain(first: RunResult, again: RunResult): RunResult {
  return { exitStatus: again.exitStatus, files: again.files && new Map([...(first.files ?? []), ...again.files]) }
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
