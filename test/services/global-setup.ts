import type { TestProject } from 'vitest/node'
import { CATALOGUE, commandPath, SERVICE_NAMES, type ServiceName } from './catalogue.ts'
import { startCeph } from './ceph.ts'
import { type MissingServices, missingServices } from './install.ts'
import type { Services } from './provided.ts'
import { startRedis } from './redis.ts'
import { SQL_NAMES, sqlCandidates, startSqlNamed } from './sql.ts'
import { describeMissing } from './summary.ts'

const STARTERS = { s3: startCeph, redis: startRedis } as const

/** Starts the shared servers, all at once, before the first test file; the returned function ends them after the last. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const missing: MissingServices = missingServices()
  const available: Partial<Services> = {}
  const stops: (() => Promise<void>)[] = []

  async function share(name: 'sql' | 's3' | 'redis', start: () => Promise<{ stop(): Promise<void> }>) {
    try {
      const server = await start()
      stops.push(() => server.stop())
      // Coordinates travel to the test files, functions can not.
      Object.assign(available, { [name]: JSON.parse(JSON.stringify(server)) })
    } catch (error) {
      process.stderr.write(`${error}\n`)
      missing[name] = { why: 'it did not start', remedy: 'see its own words, above the first test' }
    }
  }

  await Promise.all([
    ...SERVICE_NAMES.filter((name) => !missing[name]).map(async (name) => {
      if (isShared(name)) return share(name, STARTERS[name])
      available[name] = { path: commandPath(...(CATALOGUE[name].commands[0] ?? [])) }
    }),
    shareSql(),
  ])

  /** The first that starts of those that may be used; servers that suites start themselves are of the same kind then. */
  async function shareSql(): Promise<void> {
    missing.sql = whyNoSql(missing)
    for (const name of sqlCandidates()) {
      process.env.TEST_SQL = name
      await share('sql', () => startSqlNamed(name))
      if (available.sql) {
        delete missing.sql
        return
      }
    }
  }

  project.provide('services', { available, missing, required: process.env.CI === 'true' })
  return async () => {
    await Promise.all(stops.map((stop) => stop()))
    for (const line of describeMissing(project, missing)) process.stderr.write(`${line}\n`)
  }
}

/** What is missing for `sql`: all of the servers that it may be. */
function whyNoSql(missing: MissingServices): NonNullable<MissingServices['sql']> {
  const wanted = process.env.TEST_SQL
  const reasons = SQL_NAMES.filter((name) => !wanted || name === wanted).map((name) => missing[name])
  const tell = (what: 'why' | 'remedy') => reasons.flatMap((reason) => reason?.[what] ?? []).join('; or ')
  return {
    why: tell('why') || `TEST_SQL is ${wanted}`,
    remedy: tell('remedy') || `set it to ${SQL_NAMES.join(' or ')}`,
  }
}

function isShared(name: ServiceName): name is keyof typeof STARTERS {
  return name in STARTERS
}
