import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const src = fileURLToPath(new URL('../../src', import.meta.url))

type Import = { from: string; to: string }

const importsBy = (specifier: RegExp): Import[] =>
  globSync('**/*.ts', { cwd: src })
    .filter((file) => !file.startsWith('web/browser/'))
    .flatMap((file) => {
      const text = readFileSync(join(src, file), 'utf8')
      return [...text.matchAll(specifier)].map(([, path = '']) => ({ from: file, to: join(dirname(file), path) }))
    })

/** Imports, re-exports and types from another file of src, as paths below src. */
const STATIC = importsBy(/from\s+'(\.{1,2}\/[^']+)'/g)
/** Those, and files that are loaded late. */
const IMPORTS = [...STATIC, ...importsBy(/import\s*\(\s*'(\.{1,2}\/[^']+)'/g)]

/** The folders on a circle of arrows, in order, the first one again at the end; empty where there is none. */
function circleOf(arrows: Map<string, Set<string>>): string[] {
  const done = new Set<string>()
  const visit = (node: string, path: string[]): string[] => {
    if (path.includes(node)) return [...path.slice(path.indexOf(node)), node]
    if (done.has(node)) return []
    for (const next of arrows.get(node) ?? []) {
      const circle = visit(next, [...path, node])
      if (circle.length > 0) return circle
    }
    done.add(node)
    return []
  }
  for (const node of arrows.keys()) {
    const circle = visit(node, [])
    if (circle.length > 0) return circle
  }
  return []
}

/** Arrows between folders; `folderOf` is undefined for a file that is in none of them. */
function arrowsOf(imports: Import[], folderOf: (file: string) => string | undefined): Map<string, Set<string>> {
  const arrows = new Map<string, Set<string>>()
  for (const { from, to } of imports) {
    const [source, target] = [folderOf(from), folderOf(to)]
    if (source === undefined || target === undefined || source === target) continue
    arrows.set(source, (arrows.get(source) ?? new Set()).add(target))
  }
  return arrows
}

const roomOf = (file: string) => (file.includes('/') ? file.split('/')[0] : undefined)
const rooms = [...new Set(IMPORTS.map(({ from }) => roomOf(from)).filter((room) => room !== undefined))]

describe('the graph of imports', () => {
  test('is read whole: every room imports something, and app.ts imports wiring', () => {
    expect(rooms).toEqual(expect.arrayContaining(['paste', 'content', 'web', 'platform', 'analytics', 'wiring']))
    expect(IMPORTS).toContainEqual({ from: 'app.ts', to: 'wiring/index.ts' })
  })

  test('a circle is found where there is one', () => {
    const imports = ['a/x b/y', 'b/y c/z', 'c/z b/w'].map((pair) => {
      const [from = '', to = ''] = pair.split(' ')
      return { from, to }
    })
    expect(circleOf(arrowsOf(imports, roomOf))).toEqual(['b', 'c', 'b'])
    expect(circleOf(arrowsOf(imports.slice(0, 2), roomOf))).toEqual([])
  })

  // The linter checks `import { … }` alone, not `export … from` and not `import *`.
  test('every other folder is entered through its index.ts', () => {
    const past = STATIC.filter(({ from, to }) => {
      const isWithin = `${dirname(from)}/`.startsWith(`${dirname(to)}/`) || dirname(to) === '.'
      // What server and browser share has no door.
      return !isWithin && !to.endsWith('/index.ts') && !to.startsWith('web/shared/')
    })
    expect(past).toEqual([])
  })

  test('the rooms have no circle', () => {
    expect(circleOf(arrowsOf(IMPORTS, roomOf))).toEqual([])
  })

  test.each(rooms)('the sub-folders of %s have no circle', (room) => {
    const subFolderOf = (file: string) => new RegExp(`^${room}/([^/]+)/`).exec(file)?.[1]
    expect(circleOf(arrowsOf(IMPORTS, subFolderOf))).toEqual([])
  })
})
