// `npm run soak -- --minutes 60 --seed 7`: clients and faults by a seed against replicas, nginx, MariaDB, Redis and
// Ceph's S3, all of its own; every promise checked. Exits with 1, the seed and the offending operations if one is broken.
// Further: --replicas 3, --rate 60 (operations a second), --faults all|none|replicas|database|redis|s3, --keep (write the
// ledger even if all is well).
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { ServiceName } from '../services/catalogue.ts'
import { installServices } from '../services/install.ts'
import { violationsOf } from './harness/checks/index.ts'
import type { Ledger, Part } from './harness/ledger.ts'
import { progressLine, summary } from './harness/report.ts'
import { audit, soak } from './harness/run.ts'
import { startSystem } from './harness/system.ts'

const NEEDED: readonly ServiceName[] = ['mariadb', 's3', 'redis', 'nginx']
const ALL: readonly Part[] = ['replicas', 'database', 'redis', 's3']
const PROGRESS_MS = 5_000

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '3' },
    seed: { type: 'string', default: `${Math.floor(Math.random() * 2 ** 31)}` },
    replicas: { type: 'string', default: '3' },
    rate: { type: 'string', default: '60' },
    faults: { type: 'string', default: 'all' },
    keep: { type: 'boolean', default: false },
  },
})
const [minutes, seed, replicas, ratePerSecond] = [values.minutes, values.seed, values.replicas, values.rate].map(Number)
if (!(minutes && minutes > 0 && Number.isInteger(seed) && replicas && Number.isInteger(replicas) && ratePerSecond))
  fail('--minutes, --replicas and --rate want numbers above 0, --seed a whole number')
const parts = partsOf(values.faults)

const missing = installServices(NEEDED)
for (const name of NEEDED) {
  const lack = missing[name]
  if (lack) fail(`${name}: ${lack.why}; ${lack.remedy}`)
}

say(`seed ${seed}: ${minutes} min, ${replicas} replicas, ${ratePerSecond} operations/s, faults: ${values.faults}`)
const system = await startSystem(replicas)
try {
  const options = { seed: seed ?? 0, durationMs: minutes * 60_000, ratePerSecond, parts }
  const beganAt = performance.now()
  let timer: NodeJS.Timeout | undefined
  const onLedger = (ledger: Ledger) => {
    timer = setInterval(
      () => say(progressLine(ledger, performance.now() - beganAt, violationsOf(ledger).length)),
      PROGRESS_MS,
    )
  }
  const { ledger, violations } = await soak(system, options, onLedger).finally(() => clearInterval(timer))
  for (const message of await audit(system)) violations.push({ check: 'audit', message, operations: [] })
  say(`\n${summary(ledger, violations)}`)
  if (violations.length > 0 || values.keep) {
    const folder = mkdtempSync(join(tmpdir(), `pastebin-soak-${seed}-`))
    const lines = [...ledger.operations, ...ledger.faults, ...ledger.mishaps].map((line) => JSON.stringify(line))
    writeFileSync(join(folder, 'ledger.jsonl'), `${lines.join('\n')}\n`)
    for (const [index, { service }] of system.replicas.entries())
      writeFileSync(join(folder, `replica-${index}.log`), service.output())
    say(`\neverything that happened is in ${folder}`)
  }
  if (violations.length > 0) {
    say(`seed ${seed} breaks promises`)
    process.exitCode = 1
  }
} finally {
  await system.stop()
}
process.exit()

function partsOf(text: string): readonly Part[] {
  if (text === 'all') return ALL
  if (text === 'none') return []
  const part = ALL.find((name) => name === text)
  return part ? [part] : fail(`--faults wants all, none, ${ALL.join(', ')}`)
}

function say(text: string): void {
  process.stdout.write(`${text}\n`)
}

function fail(message: string): never {
  process.stderr.write(`${message}\n`)
  process.exit(1)
}
