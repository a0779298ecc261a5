import type { TestProject } from 'vitest/node'
import { CATALOGUE, commandPath, SERVICE_NAMES, type ServiceName } from './catalogue.ts'
import { startCeph } from './ceph.ts'
import { type MissingServices, missingServices } from './install.ts'
import { startMariadb } from './mariadb.ts'
import type { Services } from './provided.ts'
import { startRedis } from './redis.ts'
import { describeMissing } from './summary.ts'

const STARTERS = { mariadb: startMariadb, s3: startCeph, redis: startRedis } as const

/** Starts the shared servers, all at once, before the first test file; the returned function ends them after the last. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const missing: MissingServices = missingServices()
  const available: Partial<Services> = {}
  const stops: (() => Promise<void>)[] = []

  await Promise.all(
    SERVICE_NAMES.filter((name) => !missing[name]).map(async (name) => {
      if (!isShared(name)) {
        available[name] = { path: commandPath(...(CATALOGUE[name].commands[0] ?? [])) }
        return
      }
      try {
        const server = await STARTERS[name]()
        stops.push(() => server.stop())
        // Coordinates travel to the test files, functions can not.
        Object.assign(available, { [name]: JSON.parse(JSON.stringify(server)) })
      } catch (error) {
        process.stderr.write(`${error}\n`)
        missing[name] = { why: 'it did not start', remedy: 'see its own words, above the first test' }
      }
    }),
  )

  project.provide('services', { available, missing, required: process.env.CI === 'true' })
  return async () => {
    await Promise.all(stops.map((stop) => stop()))
    for (const line of describeMissing(project, missing)) process.stderr.write(`${line}\n`)
  }
}

function isShared(name: ServiceName): name is keyof typeof STARTERS {
  return name in STARTERS
}
