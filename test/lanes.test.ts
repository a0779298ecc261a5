import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, matchesGlob, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { chosenLanes, LANES } from './lanes.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const files = globSync('test/**/*.test.ts', { cwd: ROOT })

/** What starts a server, the service or a browser. */
const STARTERS = [
  'test/services/',
  'test/blackbox/service.ts',
  'test/browser/site.ts',
  'test/service/support/service.ts',
]

const has = (lane: keyof typeof LANES, file: string) => {
  const { include, exclude = [] } = LANES[lane]
  const isOneOf = (globs: string[]) => globs.some((glob) => matchesGlob(file, glob))
  return isOneOf(include) && !isOneOf(exclude)
}
const names = Object.keys(LANES) as (keyof typeof LANES)[]

/** The modules of test/ that a file imports, itself included, whatever way they come in. */
function importsOf(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen
  seen.add(file)
  const found = readFileSync(join(ROOT, file), 'utf8').matchAll(/\b(?:from|import)\s*\(?\s*'(\.[^']+\.ts)'/g)
  for (const [, path = ''] of found) {
    const imported = normalize(join(dirname(file), path))
    // A script that a test writes has imports of its own.
    if (imported.startsWith('test/') && existsSync(join(ROOT, imported))) importsOf(imported, seen)
  }
  return seen
}

test('every test file is of one lane', () => {
  const lanesOf = files
    .filter((file) => !file.startsWith('test/containers/'))
    .map((file) => [file, names.filter((name) => has(name, file)).length])
  expect(lanesOf.filter(([, count]) => count !== 1)).toEqual([])
})

test('no unit test imports what starts a server, the service or a browser', () => {
  const unit = files.filter((file) => has('unit', file))
  expect(unit.length).toBeGreaterThan(50)
  const starting = unit.flatMap((file) =>
    [...importsOf(file)]
      .filter((path) => STARTERS.some((one) => path.startsWith(one)))
      .map((path) => `${file}: ${path}`),
  )
  expect(starting).toEqual([])
})

test('imports are followed to what starts a server', () => {
  expect([...importsOf('test/service/create.test.ts')]).toEqual(
    expect.arrayContaining(['test/services/index.ts', 'test/service/support/service.ts']),
  )
})

test('a run is of the lanes that need no command of their own, or of the one that is asked for', () => {
  expect(chosenLanes('')).toEqual(['unit', 'http', 'browser', 'cluster'])
  expect(chosenLanes('unit')).toEqual(['unit'])
})
