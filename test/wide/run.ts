// `npm run test:wide`: the service on more databases and S3 servers than `npm test` has time for, and beside its former
// version. What Go has to build is built once and kept; without Go those suites are named and left out. Ends like
// `npm test`: `N passed, N failed`.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { findCommand } from '../services/catalogue.ts'
import { buildGoProgram, type GoProgram, goProgramFile } from '../services/go.ts'
import { MINIO } from '../services/minio.ts'
import { VERSITYGW } from '../services/versitygw.ts'
import { bringFormer } from './former.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const left: string[] = []
let failed = false

// The pieces of a path that vitest is given: folders, and single files of this one.
const suites = ['test/wide/engines', 'test/wide/monitoring', 'test/wide/orchestrators', 'test/lab']
suites.push('test/wide/spider.test.ts', 'test/wide/galera.test.ts', 'test/wide/redis-forms.test.ts')
for (const program of [VERSITYGW, MINIO]) if (have(program)) suites.push(`test/wide/${program.name}.test.ts`)
const lack = bringFormer()
if (lack === undefined) suites.push('test/wide/upgrade.test.ts')
else left.push(`Did not run: test/wide/upgrade.test.ts. Why: ${lack}.`)

const child = spawn(process.execPath, ['test/run.ts', ...suites], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, TEST_LANE: 'wide' },
})
// Ctrl-C reaches it too, and it has servers to end.
process.on('SIGINT', () => {})
process.on('SIGTERM', () => child.kill('SIGTERM'))
for (const line of left) process.stderr.write(`${line}\n`)
const [status] = (await once(child, 'exit')) as [number | null]
process.exitCode = failed ? 1 : (status ?? 1)

/** Whether the program can be started; says why not. With CI=true, a Go that fails to build it is a failure. */
function have(program: GoProgram): boolean {
  const suite = `test/wide/${program.name}.test.ts`
  if (!findCommand('go')) {
    left.push(`Did not run: ${suite}. Why: it needs Go to build ${program.name}. To run it: install Go 1.26 or newer.`)
    return false
  }
  if (!existsSync(goProgramFile(program)))
    process.stderr.write(`Building ${program.name} ${program.version} with Go, once (some minutes) …\n`)
  const reason = buildGoProgram(program)
  if (reason === undefined) return true
  failed ||= process.env.CI === 'true'
  left.push(`Did not run: ${suite}. Why: Go could not build ${program.name}: ${reason}.`)
  return false
}
