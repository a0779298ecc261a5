// `npm test`: installs the real servers where it may, runs every suite with vitest, passes further arguments on to it
// (`npm test -- test/content`), and ends with one line that programs can read: `N passed, N failed`.
import { spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { constants, tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { countTests, failedFiles, type RunResult, readResult, withAgain } from './report.ts'
import { installServices } from './services/install.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const missing = installServices()
// Whatever is left behind by a test worker that is killed lies in here.
const folder = mkdtempSync(join(tmpdir(), 'pastebin-test-'))
// A server that gives root up (Galera's nodes) has to get through to its own folder.
chmodSync(folder, 0o711)
const reportFile = join(folder, 'report.json')
/**
 * Where nobody looks on (CI), a machine that was held up for a moment must not decide alone: so many files are run again
 * by themselves, once. Both results are printed. More than these are no accident.
 */
const MOST_AGAIN = 3

// A terminal sends Ctrl-C to vitest too: wait until it has ended the servers. Others signal only us.
process.on('SIGINT', () => {})
let result = await runVitest(process.argv.slice(2))
const failing = failedFiles(result)
const unsteady = process.env.CI === 'true' && failing.length > 0 && failing.length <= MOST_AGAIN
if (unsteady) {
  process.stdout.write(`\nFailed, and run once more with nothing beside them:\n${lines(failing)}`)
  result = withAgain(result, await runVitest([...failing, '--maxWorkers=1']))
}
for (const [service, { why, remedy }] of Object.entries(missing)) {
  process.stderr.write(`Not on this machine: ${service}. Why: ${why}. What would help: ${remedy}.\n`)
}
rmSync(folder, { recursive: true, force: true })
const { passed, failed } = countTests(result)
if (unsteady && failed === 0)
  process.stdout.write(`\nUNSTEADY, to be mended: failed once, passed alone:\n${lines(failing)}`)
process.stdout.write(`\n${passed} passed, ${failed} failed\n`)
process.exitCode = failed > 0 ? 1 : result.exitStatus

function lines(files: readonly string[]): string {
  return files.map((file) => `  ${relative(root, file)}\n`).join('')
}

/** Runs vitest to its end; resolves with what it reports; a signal that ended it is an exit status of 128 + its number. */
function runVitest(args: string[]): Promise<RunResult> {
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
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  rmSync(reportFile, { force: true })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code, signal) =>
      resolve(readResult(reportFile, code ?? 128 + constants.signals[signal ?? 'SIGTERM'])),
    )
  })
}
