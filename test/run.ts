// `npm test`: runs the lanes of test/lanes.ts with vitest, passes further arguments on to it
// (`npm test -- test/content`), and ends with one line that programs can read: `N passed, N failed`.
// Without arguments it installs the real servers first, all at once, where it may; else a file's own when it asks.
import { spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { constants, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chosenLanes } from './lanes.ts'
import { isQuarantined, readQuarantine } from './quarantine.ts'
import { countTests, type Failure, failures, type RunResult, readResult, withAgain } from './report.ts'
import { installServices } from './services/install.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const given = process.argv.slice(2)
const watching = given.includes('--watch')
const needsServers = given.length === 0 && chosenLanes().some((lane) => lane !== 'unit' && lane !== 'stream')
const missing = needsServers ? installServices() : {}
// Whatever is left behind by a test worker that is killed lies in here.
const folder = mkdtempSync(join(tmpdir(), 'pastebin-test-'))
// A server that gives root up (Galera's nodes) has to get through to its own folder.
chmodSync(folder, 0o711)
const reportFile = join(folder, 'report.json')
/** So many failed files are run again alone, once, to learn whether they are unsteady. That does not forgive them. */
const MOST_AGAIN = 3

// A terminal sends Ctrl-C to vitest too: wait until it has ended the servers. Others signal only us.
process.on('SIGINT', () => {})
let result = await runVitest(given)
const failed = watching ? [] : failures(result)
const quarantine = readQuarantine()
const isForgiven = ({ file, tests }: Failure) => isQuarantined(quarantine, file, tests)
let unsteady: Failure[] = []
if (failed.length > 0 && failed.length <= MOST_AGAIN && (process.env.CI === 'true' || failed.some(isForgiven))) {
  process.stdout.write(`\nFailed, and run once more with nothing beside them:\n${lines(failed)}`)
  const again = await runVitest([...failed.map(({ file }) => file), '--maxWorkers=1'])
  unsteady = failed.filter(({ file }) => again.files?.get(file)?.status === 'passed')
  result = withAgain(result, again, isForgiven)
}
for (const [service, { why, remedy }] of Object.entries(missing)) {
  process.stderr.write(`Not on this machine: ${service}. Why: ${why}. What would help: ${remedy}.\n`)
}
rmSync(folder, { recursive: true, force: true })
if (unsteady.length > 0) {
  process.stdout.write(`\nUNSTEADY: failed among others, passed alone. Mend the cause, or list it for at most`)
  process.stdout.write(` 14 days in test/quarantine.json:\n${lines(unsteady)}`)
}
const counts = countTests(result)
if (!watching) process.stdout.write(`\n${counts.passed} passed, ${counts.failed} failed\n`)
process.exitCode = counts.failed > 0 && !watching ? 1 : result.exitStatus

function lines(list: readonly Failure[]): string {
  return list
    .map((failure) => `  ${failure.file}${isForgiven(failure) ? ' (in quarantine)' : ''}\n${names(failure)}`)
    .join('')
}

function names({ tests }: Failure): string {
  return tests.map((test) => `    ${test}\n`).join('')
}

/** Runs vitest to its end; resolves with what it reports; a signal that ended it is an exit status of 128 + its number. */
function runVitest(args: readonly string[]): Promise<RunResult> {
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
  const reporters = watching
    ? []
    : ['--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`, '--run']
  const child = spawn(
    process.execPath,
    [vitest, '--config', 'config/vitest.ts', '--configLoader', 'native', ...reporters, ...args],
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
      resolve(readResult(root, reportFile, code ?? 128 + constants.signals[signal ?? 'SIGTERM'])),
    )
  })
}
