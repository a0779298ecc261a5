import { parseArgs } from 'node:util'
import { ConfigError, loadConfig, parseInteger } from '../settings/index.ts'
import type { Backends } from '../wiring/index.ts'
import { type BackupResult, backUp, withFolder, writeMetrics } from './backup/index.ts'
import { counted, errorLine } from './progress.ts'
import { runCommand, withBackends } from './run-command.ts'
import { requireDatabase, sourceText } from './source.ts'

// `npm run backup -- FOLDER` while the service runs, embedded or not: adds a generation to the folder and keeps the newest
// `--keep` of them. Exit 0: done; 1: done, but for the pastes that are named; 2: failed, and nothing was changed.

const USAGE = 'usage: npm run backup -- FOLDER [--keep 7] [--force] [--metrics FILE.prom]'
const MOST_GENERATIONS = 1_000

await runCommand(run, USAGE, 'no backup was made: ')

async function run(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: {
      keep: { type: 'string', default: '7' },
      force: { type: 'boolean', default: false },
      metrics: { type: 'string' },
    },
    allowPositionals: true,
  })
  const [folder, ...others] = positionals
  if (folder === undefined || others.length > 0) throw new ConfigError(`name one folder. ${USAGE}`)
  const keep = parseInteger(1, MOST_GENERATIONS)(values.keep)
  // Redis holds nothing that could be backed up.
  const config = { ...loadConfig(), redisUrl: undefined }
  requireDatabase(config)
  const source = sourceText(config)
  process.stdout.write(`from ${source}\n`)
  const work = (backends: Backends) =>
    withFolder(folder, async () => {
      const result = await backUp(backends, { folder, source, keep, force: values.force })
      const code = report(result, folder)
      return values.metrics === undefined ? code : Math.max(code, await tell(values.metrics, result))
    })
  return withBackends(config, true, work)
}

/** Writes the metrics; a failure is said, and makes the backup no worse. */
async function tell(path: string, result: BackupResult): Promise<number> {
  try {
    await writeMetrics(path, result)
    return 0
  } catch (error) {
    process.stderr.write(`the backup was made; its metrics were not written: ${errorLine(error)}\n`)
    return 1
  }
}

function report({ name, summary, copied, pruned }: BackupResult, folder: string): number {
  const { missing, damaged } = summary
  process.stdout.write(
    `${counted(summary.pastes, 'paste')} and ${counted(summary.tombstones, 'tombstone')} in ${folder}, generation ${name}; ` +
      `${counted(copied.objects, 'object')} copied, ${copied.bytes} bytes; ` +
      `${counted(pruned.generations, 'older generation')} and ${counted(pruned.objects, 'object')} removed\n`,
  )
  for (const slug of missing) process.stdout.write(`The store has lost the content of ${slug}\n`)
  for (const slug of damaged) process.stdout.write(`The content of ${slug} is damaged\n`)
  return missing.length + damaged.length === 0 ? 0 : 1
}
