// `npm run bench`: measures the service against the goals that the README states, next to references that run on the
// same machine in the same minutes. `npm run bench -- create up` measures only those rows. It is no test: figures
// depend on the machine, so a goal that is missed does not fail the command.
import { mkdtempSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { LOAD_CORE, pin } from './machine.ts'
import { markdown, save } from './report.ts'
import type { Result, Row } from './result.ts'
import { busy } from './rows/busy.ts'
import { cluster } from './rows/cluster.ts'
import { create } from './rows/create.ts'
import { disk } from './rows/disk.ts'
import { filled } from './rows/filled.ts'
import { lab } from './rows/lab.ts'
import { down, up } from './rows/large.ts'
import { grep, lines } from './rows/lines.ts'
import { memory } from './rows/memory.ts'
import { hot, page, random } from './rows/read.ts'
import { recording } from './rows/recording.ts'
import { start } from './rows/start.ts'
import { viewer } from './rows/viewer.ts'
import { vitess } from './rows/vitess.ts'

const ROWS: readonly Row[] = [
  create,
  hot,
  random,
  page,
  up,
  down,
  lines,
  grep,
  memory,
  busy,
  disk,
  start,
  filled,
  cluster,
  viewer,
  recording,
  lab,
  vitess,
]
const RESULTS = fileURLToPath(new URL('../../bench-results', import.meta.url))

const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !ROWS.some((row) => row.name === name))
if (unknown.length > 0) {
  process.stderr.write(`There is no row ${unknown.join(', ')}; there are ${ROWS.map((row) => row.name).join(', ')}.\n`)
  process.exit(1)
}

pin(process.pid, LOAD_CORE)
const folder = mkdtempSync(join(tmpdir(), 'pastebin-bench-'))
process.once('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))

const results: Result[] = []
for (const row of ROWS.filter(
  ({ name, onlyWhenNamed }) => wanted.includes(name) || (wanted.length === 0 && !onlyWhenNamed),
)) {
  const startedAt = performance.now()
  process.stderr.write(`${row.name} … `)
  try {
    results.push(...(await row.run(join(folder, row.name))))
  } catch (error) {
    process.stderr.write(`failed: ${error instanceof Error ? error.message : error}\n`)
    process.exitCode = 1
    continue
  } finally {
    rmSync(join(folder, row.name), { recursive: true, force: true, maxRetries: 5 })
  }
  const seconds = Math.round((performance.now() - startedAt) / 1_000)
  process.stderr.write(`${seconds} s, load average ${loadavg()[0]?.toFixed(1)}\n`)
}
process.stdout.write(`\n${markdown(results)}\n\nEverything measured: ${save(RESULTS, results, new Date())}\n`)
