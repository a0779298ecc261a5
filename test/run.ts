// `npm test`: installs the real servers where it may, runs every suite with vitest, passes further arguments on to it
// (`npm test -- test/content`), and ends with one line that programs can read: `N passed, N failed`.
import { spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { constants, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { installServices } from './services/install.ts'

/** The part of vitest's JSON report that is read here. */
type Report = {
  numPassedTests: number
  numFailedTests: number
  testResults: { status: string; assertionResults: { status: string }[] }[]
}

const root = fileURLToPath(new URL('..', import.meta.url))
const missing = installServices()
// Whatever is left behind by a test worker that is killed lies in here.
const folder = mkdtempSync(join(tmpdir(), 'pastebin-test-'))
// A server that gives root up (Galera's nodes) has to get through to its own folder.
chmodSync(folder, 0o711)
const reportFile = join(folder, 'report.json')

const status = await runVitest(process.argv.slice(2))
for (const [service, { why, remedy }] of Object.entries(missing)) {
  process.stderr.write(`Not on this machine: ${service}. Why: ${why}. What would help: ${remedy}.\n`)
}
const { passed, failed } = count(status)
rmSync(folder, { recursive: true, force: true })
process.stdout.write(`\n${passed} passed, ${failed} failed\n`)
process.exitCode = failed > 0 ? 1 : status

/** Runs vitest to its end; resolves with its exit status, or 128 + the signal that ended it. */
function runVitest(args: string[]): Promise<number> {
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`]
  const child = spawn(
    process.execPath,
    [vitest, 'run', '--config', 'config/vitest.ts', '--configLoader', 'native', ...reporters, ...args],
    {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, TMPDIR: folder },
    },
  )
  // A terminal sends Ctrl-C to both: wait until vitest has ended the servers. Others signal only us.
  process.on('SIGINT', () => {})
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal ?? 'SIGTERM']))
  })
}

/** Counts tests. What fails without a failing test (a file that does not load, a stray rejection) counts as one failure. */
function count(exitStatus: number): { passed: number; failed: number } {
  try {
    const report: Report = JSON.parse(readFileSync(reportFile, 'utf8'))
    const brokenFiles = report.testResults.filter(
      (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
    )
    const failed = report.numFailedTests + brokenFiles.length
    return { passed: report.numPassedTests, failed: exitStatus === 0 ? failed : Math.max(1, failed) }
  } catch {
    return { passed: 0, failed: 1 }
  }
}
