import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { serversReadme } from '../../config/servers/table.ts'
import { SERVERS, versionIn } from '../../config/servers/versions.ts'
import { CATALOGUE, commandPath, type ServiceName } from './catalogue.ts'
import { hasUnstable } from './debian-unstable.ts'
import { HADOOP } from './hdfs-config.ts'
import { whenService } from './index.ts'
import { KAFKA } from './kafka.ts'
import { VERSITYGW } from './versitygw.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const OURS = /extended-pastebin/
const PROGRAMS = [VERSITYGW, KAFKA, HADOOP, { name: 'node', version: process.versions.node }]
const named = SERVERS.map(({ part, ...server }) => [part, server] as const)

/** The images that a file starts: `image: name`, `image: ${NAME_IMAGE:-name}` or `FROM name`. */
function imagesIn(file: string): string[] {
  const found = readFileSync(join(ROOT, file), 'utf8').matchAll(/^\s*(?:image:|FROM) (?:\$\{\w+:-)?([^\s}]+)/gm)
  return [...found].flatMap(([, name = '']) => (OURS.test(name) ? [] : [name]))
}

/** Major and minor of the version in a name, as a pattern: patches of that line are taken as they come. */
const lineOf = (name: string) => versionIn(name).split('.').slice(0, 2).join('\\.')

/** What the catalogue says of how a service is had. */
function sourceOf(service: ServiceName): string {
  const { script = '', unstable } = CATALOGUE[service]
  return [script, ...(unstable?.packages ?? [])].join(' ')
}

describe('config/servers/versions.ts', () => {
  const shipped = [
    'Dockerfile',
    ...readdirSync(join(ROOT, 'config'), { recursive: true }).map((name) => `config/${name}`),
  ]

  test('is what the README beside it shows', () => {
    const { wanted, found } = serversReadme()
    expect(found, 'out of date: run npm run docs').toBe(wanted)
  })

  test('has every image that a shipped file starts', () => {
    const started = shipped
      .filter((file) => /Dockerfile|\.yaml$/.test(file))
      .flatMap((file) => imagesIn(file).map((name) => `${file} ${name}`))
    expect(started.length).toBeGreaterThan(10)
    const listed = SERVERS.flatMap(({ name, files }) => files.map((file) => `${file} ${name}`))
    expect(listed).toEqual(expect.arrayContaining(started))
  })

  test.each(named)('%s has this name in the files that are said to have it', (_part, { name, files }) => {
    for (const file of files) expect(readFileSync(join(ROOT, file), 'utf8'), file).toContain(name)
  })

  test.each(named)(
    '%s is tested in the version that is shipped, or said not to be',
    (_part, { name, tested, by, note }) => {
      if (tested === undefined) {
        expect(by).toBeUndefined()
        expect(note).toMatch(/^not tested: /)
        return
      }
      expect(by).toBeDefined()
      expect(`${tested}.`).toMatch(new RegExp(`^${versionIn(name).replaceAll('.', '\\.')}\\.`))
    },
  )

  test.each(named)('%s is brought to tests in that version', (_part, { name, tested, by }) => {
    if (by === undefined) return
    if ('service' in by) expect(sourceOf(by.service as ServiceName)).toMatch(new RegExp(`=(\\d+:)?${lineOf(name)}\\.`))
    else expect(PROGRAMS.find((program) => program.name === by.program)?.version.replace('v', '')).toBe(tested)
  })
})

const HOW: Partial<Record<ServiceName, string[]>> = {
  redis: ['redis-server', '--version'],
  nginx: ['nginx', '-v'],
  dns: ['named', '-v'],
}

whenService(['redis', 'nginx', 'dns'], () => {
  const services = SERVERS.flatMap(({ name, by }) =>
    by && 'service' in by ? [[by.service as ServiceName, name] as const] : [],
  )
  // One that could not be had is another one, of which the installation has told.
  const brought = services.filter(
    ([service]) => HOW[service] && CATALOGUE[service].unstable && hasUnstable(CATALOGUE[service].unstable),
  )
  if (brought.length === 0) return

  describe('a server that tests start', () => {
    test.each(brought)('%s is of the line of %s', async (service, name) => {
      const [command = '', ...args] = HOW[service] ?? []
      const { stdout, stderr } = await promisify(execFile)(commandPath(command), args)
      expect(`${stdout}${stderr}`).toMatch(new RegExp(`[ =/v]${lineOf(name)}[.+]`))
    })
  })
})
