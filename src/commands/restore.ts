import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createDiskStore } from '../content/index.ts'
import { giveIdentity, restorePastes } from '../paste/index.ts'
import { migrate } from '../platform/index.ts'
import { type Config, ConfigError, loadConfig } from '../settings/index.ts'
import type { Backends } from '../wiring/index.ts'
import {
  chooseGeneration,
  endedIn,
  exitCodeOf,
  generationsOf,
  ROWS,
  readLines,
  refuseOld,
  restoreText,
  withReadFolder,
} from './backup/index.ts'
import { counted, createProgress } from './progress.ts'
import { runCommand, withBackends } from './run-command.ts'
import { requireDatabase, sourceText } from './source.ts'

// `npm run restore -- FOLDER` into the database and the store that the configuration names, whatever kind the backup's
// were of. Overwrites nothing. Exit 0: done; 1: done, but for the pastes that are named; 2: failed.

const USAGE =
  'usage: npm run restore -- FOLDER [--dry-run] [--verify] [--generation NAME] [--limited] [--force], or FOLDER --list'

type Options = { dryRun: boolean; verify: boolean; limited: boolean; force: boolean; generation: string | undefined }

await runCommand(run, USAGE)

async function run(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: {
      'dry-run': { type: 'boolean', default: false },
      verify: { type: 'boolean', default: false },
      limited: { type: 'boolean', default: false },
      force: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      generation: { type: 'string' },
    },
    allowPositionals: true,
  })
  const [folder, ...others] = positionals
  if (folder === undefined || others.length > 0) throw new ConfigError(`name one folder. ${USAGE}`)
  if (values.list) return list(folder)
  const config = { ...loadConfig(), redisUrl: undefined }
  const options = { ...values, dryRun: values['dry-run'], generation: values.generation }
  return withReadFolder(folder, () => restore(config, folder, options))
}

async function restore(config: Config, folder: string, options: Options): Promise<number> {
  const { generation, later } = await chooseGeneration(folder, options.generation)
  const { dryRun, verify, limited } = options
  process.stdout.write(`from ${folder}, generation ${generation.name}, into ${sourceText(config)}\n`)
  if (dryRun) requireDatabase(config)
  const objects = createDiskStore(join(folder, 'objects'))
  const work = async (backends: Backends) => {
    if (!dryRun) await prepare(backends)
    if (!options.force) await refuseOld(backends.database.db, generation, backends.clock.now())
    const say = createProgress()
    const report = await restorePastes(
      { db: backends.database.db, store: backends.store, clock: backends.clock },
      { lines: readLines(join(generation.path, ROWS)), objects },
      {
        dryRun,
        verify,
        limited,
        removedSince: await endedIn(later),
        onProgress: (now) => say(() => counted(now.pastes, 'paste')),
      },
    )
    if (!dryRun && generation.summary) await giveIdentity(backends.database.db, generation.summary.database)
    process.stdout.write(restoreText(report, dryRun))
    return exitCodeOf(report)
  }
  return withBackends(config, dryRun, work).finally(() => objects.close())
}

async function prepare({ database, store }: Backends): Promise<void> {
  await migrate(database)
  await store.prepare()
}

async function list(folder: string): Promise<number> {
  for (const { name, summary } of await generationsOf(folder)) {
    const about = summary ? `${counted(summary.pastes, 'paste')}, from ${summary.source}` : 'made by the former release'
    process.stdout.write(`${name}  ${about}\n`)
  }
  return 0
}
