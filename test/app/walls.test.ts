import { execFile } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const biome = join(root, 'node_modules', '.bin', 'biome')

const OVER = "import { isOver } from '../expiry/index.ts'\n\nexport const over = isOver(1, 2)\n"
const GATE = "import { createUploadSlots } from '../paste/index.ts'\n\nexport const gate = createUploadSlots(1)\n"
const DEEP = "import { createPool } from '../content/pool.ts'\n\nexport const make = createPool\n"

/** A file in a room, and the rule that refuses it; none for one that goes through the door. */
const FILES: [room: string, does: string, code: string, rule: string | undefined][] = [
  ['content', 'imports paste', GATE, 'noRestrictedImports'],
  ['core', 'imports a room', OVER, 'noRestrictedImports'],
  ['platform', 'imports a room', OVER, 'noRestrictedImports'],
  ['paste', 'imports past an index', DEEP, 'noPrivateImports'],
  [
    'expiry',
    'imports a driver',
    "import { Redis } from 'ioredis'\n\nexport const Cache = Redis\n",
    'noRestrictedImports',
  ],
  [
    'web',
    'imports the database',
    "import { Kysely } from 'kysely'\n\nexport const Db = Kysely\n",
    'noRestrictedImports',
  ],
  ['shortening', 'imports its neighbour', OVER, 'noRestrictedImports'],
  ['paste', 'imports what it may', OVER, undefined],
]

const paths = FILES.map(([room], index) => join(root, 'src', room, `zz-wall-${index}.ts`))

describe('the walls between the rooms', () => {
  let found: { file: string; rule: string }[]

  beforeAll(async () => {
    for (const [index, [, , code]] of FILES.entries()) writeFileSync(paths[index] ?? '', code)
    const lint = promisify(execFile)(biome, ['lint', '--reporter=json', ...paths], { cwd: root })
    // It ends with 1 when it finds something; what it found is on standard output all the same.
    const { stdout } = await lint.catch((error: { stdout: string }) => error)
    const { diagnostics } = JSON.parse(stdout) as { diagnostics: { category: string; location: { path: unknown } }[] }
    found = diagnostics.map(({ category, location }) => ({
      file: /zz-wall-\d+\.ts/.exec(JSON.stringify(location.path))?.[0] ?? '',
      rule: category.split('/').at(-1) ?? '',
    }))
  })
  afterAll(() => {
    for (const path of paths) rmSync(path, { force: true })
  })

  test.each(FILES.map(([room, does, , rule], index) => [room, does, rule ?? 'nothing', index] as const))(
    'a file in %s that %s meets %s',
    (_room, _does, rule, index) => {
      const file = basename(paths[index] ?? '')
      const rules = found.filter((finding) => finding.file === file).map((finding) => finding.rule)
      if (rule === 'nothing') expect(rules).toEqual([])
      else expect(rules).toContain(rule)
    },
  )
})
