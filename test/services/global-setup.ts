import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { TestProject } from 'vitest/node'
import { CATALOGUE, commandPath, type ServiceName } from './catalogue.ts'
import { startCeph } from './ceph.ts'
import { isToBring, type Missing, type MissingServices, missingServices } from './install.ts'
import { startRedis } from './redis.ts'
import { type Answer, answerRequests } from './requests.ts'
import { SQL_NAMES, startSqlNamed } from './sql.ts'
import { describeMissing } from './summary.ts'

/** The servers that the whole run shares; of everything else a suite starts its own. */
const STARTERS: Partial<Record<ServiceName, () => Promise<{ stop(): Promise<void> }>>> = {
  s3: startCeph,
  redis: startRedis,
}

const INSTALL = fileURLToPath(new URL('install.ts', import.meta.url))

/**
 * Installs and starts a service when the first test file asks for it; the returned function ends them after the last
 * file. A run of pure tests starts nothing.
 */
export default function setup(project: TestProject): () => Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'pastebin-servers-'))
  const missing: MissingServices = {}
  const stops: (() => Promise<void>)[] = []
  let installing: Promise<unknown> = Promise.resolve()

  async function answer(asked: string): Promise<Answer> {
    const given = asked === 'sql' ? await answerSql() : await answerFor(asked as ServiceName)
    if ('missing' in given) missing[asked as keyof MissingServices] = given.missing
    return given
  }

  async function answerFor(name: ServiceName, start = STARTERS[name]): Promise<Answer> {
    try {
      if (isToBring(name)) {
        installing = installing.then(() => install(name))
        await installing
      }
      const lacking = missingServices()[name]
      if (lacking) return { missing: lacking }
      if (!start) return { coordinates: { path: commandPath(...(CATALOGUE[name].commands[0] ?? [])) } }
      const server = await start()
      stops.push(() => server.stop())
      return { coordinates: server }
    } catch (error) {
      return { missing: { why: (error as Error).message, remedy: 'see the line above' } }
    }
  }

  /** The first server that can be had: the one that TEST_SQL names, else MySQL, else MariaDB. */
  async function answerSql(): Promise<Answer> {
    const wanted = process.env.TEST_SQL
    const reasons: Missing[] = []
    for (const name of SQL_NAMES.filter((one) => (wanted ? one === wanted : one !== 'mariadb-11.8'))) {
      const given = await answerFor(name, () => startSqlNamed(name))
      if ('coordinates' in given) return { coordinates: { ...(given.coordinates as object), name } }
      reasons.push(given.missing)
    }
    const join = (what: keyof Missing) => reasons.map((reason) => reason[what]).join('; or ')
    return {
      missing: {
        why: join('why') || `TEST_SQL is ${wanted}`,
        remedy: join('remedy') || `set it to ${SQL_NAMES.join(' or ')}`,
      },
    }
  }

  const answering = answerRequests(folder, answer)
  project.provide('services', { folder, required: process.env.CI === 'true' })
  return async () => {
    answering.close()
    await Promise.all(stops.map((stop) => stop()))
    rmSync(folder, { recursive: true, force: true })
    for (const line of describeMissing(project, missing)) process.stderr.write(`${line}\n`)
  }
}

/** Installs one service in a process of its own: the tests that run meanwhile need this one. */
async function install(name: ServiceName): Promise<void> {
  await once(spawn(process.execPath, [INSTALL, name], { stdio: ['ignore', 2, 2] }), 'exit')
}
