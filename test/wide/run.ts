// `npm run test:wide`: the service on more databases and S3 servers than `npm test` has time for, and beside its former
// version; then what `npm test` does on MySQL once more on each MariaDB. What Go has to build is built once and kept;
// without Go those suites are named and left out. Ends like `npm test`: `N passed, N failed`.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { findCommand } from '../services/catalogue.ts'
import { buildGoProgram, type GoProgram, goProgramFile } from '../services/go.ts'
import { MINIO } from '../services/minio.ts'
import { VERSITYGW } from '../services/versitygw.ts'
import { buildVitess } from '../services/vitess-programs.ts'
import { bringFormer } from './former.ts'
import { mariadbRuns, type Run } from './mariadb.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const left: string[] = []
let failed = false

// The pieces of a path that vitest is given: folders, and single files of this one.
const suites = ['test/wide/engines', 'test/wide/monitoring', 'test/wide/orchestrators', 'test/lab']
suites.push(
  'test/wide/grammars.test.ts',
  'test/wide/spider.test.ts',
  'test/wide/galera.test.ts',
  'test/wide/redis-forms.test.ts',
)
for (const program of [VERSITYGW, MINIO]) if (have(program)) suites.push(`test/wide/${program.name}.test.ts`)
const VITESS = ['test/wide/vitess-contracts.test.ts', 'test/wide/vitess.test.ts', 'test/wide/vitess-shards.test.ts']
if (builds(VITESS.join(', '), 'Vitess', buildVitess)) suites.push(...VITESS)
const lack = bringFormer()
if (lack === undefined) suites.push('test/wide/upgrade.test.ts')
else left.push(`Did not run: test/wide/upgrade.test.ts. Why: ${lack}.`)

let child: ChildProcess | undefined
let ending = false
const total = { passed: 0, failed: 0 }
// Ctrl-C reaches the run under way too, and it has servers to end.
process.on('SIGINT', () => {
  ending = true
})
process.on('SIGTERM', () => {
  ending = true
  child?.kill('SIGTERM')
})
for (const line of left) process.stderr.write(`${line}\n`)
for (const run of [{ args: suites, environment: { TEST_LANE: 'wide' } }, ...mariadbRuns()])
  if (!ending) failed = !(await passes(run)) || failed
process.stdout.write(`\n${total.passed} passed, ${total.failed} failed\n`)
process.exitCode = failed || ending ? 1 : 0

/** Runs suites, adds what they report to the total, and tells whether all is well. */
async function passes({ args, environment }: Run): Promise<boolean> {
  const run = spawn(process.execPath, ['test/run.ts', ...args], {
    cwd: root,
    stdio: ['inherit', 'pipe', 'inherit'],
    env: { ...process.env, ...environment },
  })
  child = run
  let tail = ''
  run.stdout.setEncoding('utf8').on('data', (text: string) => {
    process.stdout.write(text)
    tail = (tail + text).slice(-200)
  })
  const [status] = (await once(run, 'close')) as [number | null]
  const [, passed, failing] = /(\d+) passed, (\d+) failed\s*$/.exec(tail) ?? ['', '0', '1']
  total.passed += Number(passed)
  total.failed += Number(failing)
  return status === 0
}

/** Whether the program can be started. */
function have(program: GoProgram): boolean {
  return builds(`test/wide/${program.name}.test.ts`, program.name, () => {
    if (!existsSync(goProgramFile(program)))
      process.stderr.write(`Building ${program.name} ${program.version} with Go, once (some minutes) …\n`)
    const reason = buildGoProgram(program)
    return reason && `Go could not build ${program.name}: ${reason}`
  })
}

/** Whether `build` gives no reason why it can't; says the reason. With CI=true, a Go that fails is a failure. */
function builds(suite: string, name: string, build: () => string | undefined): boolean {
  if (!findCommand('go')) {
    left.push(`Did not run: ${suite}. Why: it needs Go to build ${name}. To run it: install Go 1.26 or newer.`)
    return false
  }
  const reason = build()
  if (reason === undefined) return true
  failed ||= process.env.CI === 'true'
  left.push(`Did not run: ${suite}. Why: ${reason}.`)
  return false
}
