import { parseArgs } from 'node:util'
import { auditPastes } from '../paste/index.ts'
import { createScratchKeys } from '../platform/index.ts'
import { ConfigError, loadConfig, parseBytes } from '../settings/index.ts'
import type { Backends } from '../wiring/index.ts'
import { exitCode, findingLine, summary } from './fsck-report.ts'
import { verify } from './fsck-verify.ts'
import { runCommand, withBackends } from './run-command.ts'
import { requireDatabase } from './source.ts'

// `npm run fsck`: compares the rows with the objects that the configuration names, while the service runs or not
// (embedded: not). `--verify` then reads every content, also beside an embedded service, after the slug that `--after`
// names, at most `--rate` (such as 20MiB) a second. Exit 0: clean, or repaired; 1: something was found; 2: it could not be
// found out.

const USAGE = 'usage: npm run fsck -- [--repair [--force]] [--verify [--after SLUG] [--rate 20MiB]]'

await runCommand(run, USAGE)

async function run(): Promise<number> {
  const { values } = parseArgs({
    options: {
      repair: { type: 'boolean' },
      force: { type: 'boolean' },
      verify: { type: 'boolean' },
      after: { type: 'string', default: '' },
      rate: { type: 'string', default: '1GiB' },
    },
  })
  if (values.verify && values.repair) throw new ConfigError('--verify only reads: run --repair on its own')
  // Redis holds nothing that could be missing.
  const config = { ...loadConfig(), redisUrl: undefined }
  requireDatabase(config)
  return withBackends(config, values.verify === true, async (backends) => {
    if (values.after !== '') return verify(backends, { after: values.after, bytesPerSecond: parseBytes(values.rate) })
    const code = await compare(backends, { repair: values.repair === true, force: values.force === true })
    if (!values.verify) return code
    return Math.max(code, await verify(backends, { after: '', bytesPerSecond: parseBytes(values.rate) }))
  })
}

async function compare(
  { database, store, clock }: Backends,
  options: { repair: boolean; force: boolean },
): Promise<number> {
  const index = createScratchKeys()
  try {
    const report = await auditPastes(
      { db: database.db, store, index, clock },
      { ...options, onFinding: (finding) => process.stdout.write(`${findingLine(finding)}\n`) },
    )
    process.stdout.write(`${summary(report, options.repair)}\n`)
    return exitCode(report)
  } finally {
    index.close()
  }
}
