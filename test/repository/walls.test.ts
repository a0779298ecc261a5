import { execFile } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { patiently } from '../patience.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const biome = join(root, 'node_modules', '.bin', 'biome')

const DOOR = 'noPrivateImports'
const FLOOR = 'noRestrictedImports'
const ENVIRONMENT = 'noProcessEnv'
const AMBIENT = 'plugin'
const DRIVERS = ['mysql2', 'ioredis', '@aws-sdk/client-s3', '@platformatic/kafka', 'node:sqlite', 'node:fs']
const ROOMS = ['core', 'http', 'shortening', 'content', 'expiry', 'paste', 'analytics', 'clients', 'web']
const SUB_FOLDERS = ['content/frames', 'paste/serve', 'analytics/views', 'web/dashboards', 'platform/http']

type Case = { folder: string; does: string; code: string; rule: string | undefined }

const importing = (source: string) => `import * as other from '${source}'\n\nexport { other }\n`
const imports = (folder: string, source: string, rule?: string): Case => {
  return { folder, does: `imports ${source}`, code: importing(source), rule }
}
const names = (folder: string, name: string, source: string, rule?: string): Case => {
  return { ...imports(folder, source, rule), code: `import { ${name} } from '${source}'\n\nexport { ${name} }\n` }
}
const evaluates = (folder: string, expression: string, rule?: string): Case => {
  return { folder, does: `uses ${expression}`, code: `export const value = () => ${expression}\n`, rule }
}

const CASES: Case[] = [
  // Past the door of a room, or of a sub-folder.
  imports('paste', '../content/content.ts', FLOOR),
  imports('paste', '../content/index.ts'),
  imports('paste/serve', '../../content/content.ts', FLOOR),
  imports('paste/serve', '../../content/index.ts'),
  names('wiring', 'createContent', '../content/content.ts', DOOR),
  names('wiring', 'createContent', '../content/index.ts'),
  names('paste', 'createResumableUploads', './tus/uploads.ts', DOOR),
  names('paste', 'createResumableUploads', './tus/index.ts'),
  names('paste/serve', 'nextStep', '../rows/life.ts', DOOR),
  names('paste/serve', 'nextStep', '../rows/index.ts'),
  // Up a floor, or to a neighbour.
  imports('core', '../http/index.ts', FLOOR),
  imports('http', '../content/index.ts', FLOOR),
  imports('http', '../core/index.ts'),
  imports('platform', '../paste/index.ts', FLOOR),
  imports('platform/http', '../../paste/index.ts', FLOOR),
  imports('platform/http', '../../core/index.ts'),
  imports('platform/database/mysql', '../../../paste/index.ts', FLOOR),
  imports('platform/database/mysql', '../../../core/index.ts'),
  imports('platform/database/mysql', '../../../../migrations/index.ts'),
  names('platform/database/mysql', 'vitessSteps', '../vitess/migration.ts', DOOR),
  names('platform/database/mysql', 'vitessSteps', '../vitess/index.ts'),
  imports('shortening', '../expiry/index.ts', FLOOR),
  imports('content', '../paste/index.ts', FLOOR),
  imports('content/frames', '../../paste/index.ts', FLOOR),
  imports('content/frames', '../../core/index.ts'),
  imports('paste', '../web/index.ts', FLOOR),
  imports('paste', '../expiry/index.ts'),
  imports('paste', '../platform/index.ts', FLOOR),
  imports('analytics', '../platform/index.ts', FLOOR),
  imports('web', '../platform/index.ts', FLOOR),
  imports('web', 'kysely', FLOOR),
  imports('settings', '../wiring/index.ts', FLOOR),
  imports('settings', '../core/index.ts'),
  imports('wiring', '../commands/migrate.ts', FLOOR),
  imports('wiring', '../settings/index.ts'),
  // What is above all rooms.
  ...ROOMS.flatMap((room) => ['../app.ts', '../server.ts'].map((file) => imports(room, file, FLOOR))),
  ...['platform', 'settings', 'wiring', 'commands'].map((folder) => imports(folder, '../app.ts', FLOOR)),
  ...SUB_FOLDERS.flatMap((folder) => ['../../app.ts', '../../server.ts'].map((file) => imports(folder, file, FLOOR))),
  // What is outside the process.
  ...ROOMS.flatMap((room) => DRIVERS.map((driver) => imports(room, driver, FLOOR))),
  ...SUB_FOLDERS.filter((folder) => !folder.startsWith('platform')).flatMap((folder) =>
    DRIVERS.map((driver) => imports(folder, driver, FLOOR)),
  ),
  imports('paste', 'node:path'),
  imports('platform/database', 'mysql2'),
  imports('platform/database', 'node:sqlite'),
  imports('platform/redis', 'ioredis'),
  imports('content/stores', '@aws-sdk/client-s3'),
  imports('content/stores', 'node:fs'),
  imports('content/stores', 'mysql2', FLOOR),
  imports('analytics/stream', '@platformatic/kafka'),
  imports('analytics/stream', 'ioredis', FLOOR),
  imports('web/page', 'node:fs'),
  imports('web/page', '@aws-sdk/client-s3', FLOOR),
  // What belongs to the process.
  ...['core', 'platform', 'paste', 'paste/serve', 'wiring', 'commands'].map((folder) =>
    evaluates(folder, 'process.env.HOST', ENVIRONMENT),
  ),
  evaluates('settings', 'process.env.HOST'),
  ...['core', 'platform/http', 'content', 'paste/serve', 'commands', 'wiring', 'settings'].flatMap((folder) =>
    ['Date.now()', 'Date.now', 'Math.random()', 'new Date()'].map((source) => evaluates(folder, source, AMBIENT)),
  ),
  evaluates('paste', 'new Date(0)'),
]

const nameOf = (index: number) => `zz-case-${index}.ts`

describe('the linter refuses what crosses a wall', () => {
  let copy: string
  const found = new Map<string, string[]>()

  beforeAll(async () => {
    copy = mkdtempSync(join(tmpdir(), 'walls-'))
    cpSync(join(root, 'src'), join(copy, 'src'), { recursive: true })
    cpSync(join(root, 'config', 'lint'), join(copy, 'config', 'lint'), { recursive: true })
    const settings = JSON.parse(readFileSync(join(root, '.biome.json'), 'utf8')) as object
    writeFileSync(join(copy, '.biome.json'), JSON.stringify({ ...settings, vcs: { enabled: false } }))
    const paths = CASES.map(({ folder, code }, index) => {
      const path = join('src', folder, nameOf(index))
      writeFileSync(join(copy, path), code)
      return path
    })
    const lint = promisify(execFile)(biome, ['lint', '--reporter=json', '--max-diagnostics=none', ...paths], {
      cwd: copy,
      maxBuffer: 64 * 1024 ** 2,
    })
    // Biome exits with 1 when it finds something; its report is on standard output all the same.
    const { stdout } = await lint.catch((error: { stdout: string }) => error)
    const { diagnostics } = JSON.parse(stdout) as { diagnostics: { category: string; location: { path: string } }[] }
    for (const { category, location } of diagnostics) {
      const file = location.path.split('/').at(-1) ?? ''
      found.set(file, [...(found.get(file) ?? []), category.split('/').at(-1) ?? ''])
    }
  }, patiently(120_000))
  afterAll(() => rmSync(copy, { recursive: true, force: true }))

  test.each(CASES.map(({ folder, does, rule }, index) => [folder, does, rule ?? 'nothing', nameOf(index)] as const))(
    'a file in %s that %s meets %s',
    (_folder, _does, rule, file) => {
      const rules = found.get(file) ?? []
      if (rule === 'nothing') expect(rules).toEqual([])
      else expect(rules).toContain(rule)
    },
  )
})
