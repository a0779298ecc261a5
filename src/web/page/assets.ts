import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { basename, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Encoding } from '../../http/index.ts'
import { compress } from './compress.ts'
import { grammarFiles } from './grammar-files.ts'
import { STYLE_SETS } from './style-sets.ts'

/** The static files of the pages, under names that change with their content. */
export type Assets = {
  /** The path of a file of `browser/` or `shared/`, such as `/assets/form.Zm9vYmFy.js`. Throws when there is no such file. */
  path(name: string): string
  /**
   * The path of one file that holds these style sheets of `browser/styles/` in this order: one request, not seven. Throws
   * for a combination that is not in `style-sets.ts`.
   */
  styles(names: readonly string[]): string
  /** The paths of a module and of everything it imports, itself first: for `modulepreload`. */
  modules(name: string): string[]
  /**
   * The paths of highlight.js and the grammars that a language needs, the core first, the language's own last;
   * undefined when there is no such grammar. They are read from disk when they are first asked for.
   */
  grammars(language: string): string[] | undefined
  /** The bytes for a content-hashed file name, compressed once for each encoding; undefined when there is none. */
  read(file: string): { mediaType: string; bytes(encoding: Encoding): Promise<Buffer> } | undefined
}

const TYPES: Record<string, string> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
}
/** The specifier of a static import; every module has a name of its own, and lies beside all others in `/assets/`. */
const IMPORT = /(?<=\b(?:from|import) ')\.{1,2}\/[\w./-]+\.js(?=')/g
const GRAMMAR = /^(?:highlight|grammar-([a-z0-9-]+))\.[\w-]+\.js$/

type Asset = { file: string; mediaType: string; bytes: Buffer; imports: string[] }

const FOLDERS = ['browser', 'shared'].map((folder) => fileURLToPath(new URL(`../${folder}`, import.meta.url)))

/**
 * Reads every file of `browser/` and `shared/` once. A module's imports are rewritten to hashed names, so its hash
 * covers what it imports. Their paths begin with `base`. Throws when two files have the same name.
 */
export function loadAssets(base = ''): Assets {
  const sources = findSources(FOLDERS)
  const byName = new Map<string, Asset>()
  const byFile = new Map<string, Asset>()
  const compressed = new Map<string, Promise<Buffer>>()
  const grammarPaths = new Map<string, string[]>()
  for (const name of sources.keys()) load(name)
  // All of them now: another replica may have named one that no page of this one has used, and no address makes another.
  for (const names of STYLE_SETS) combine(names)

  function load(name: string): Asset {
    const known = byName.get(name)
    if (known) return known
    const imports: string[] = []
    const text = readFileSync(sources.get(name) ?? name, 'utf8').replace(IMPORT, (specifier) => {
      const imported = basename(specifier)
      imports.push(imported)
      return `./${load(imported).file}`
    })
    return add(name, text, imports)
  }

  function add(name: string, text: string, imports: string[]): Asset {
    const bytes = Buffer.from(text)
    const hash = createHash('sha256').update(bytes).digest('base64url').slice(0, 10)
    const extension = extname(name)
    const file = `${name.slice(0, -extension.length)}.${hash}${extension}`
    const asset = { file, mediaType: TYPES[extension] ?? '', bytes, imports }
    byName.set(name, asset)
    byFile.set(file, asset)
    return asset
  }

  function find(name: string): Asset {
    const asset = byName.get(name)
    if (!asset) throw new Error(`there is no asset ${name}`)
    return asset
  }

  function modulesOf(name: string, seen: Set<string>): Set<string> {
    if (!seen.has(name)) {
      seen.add(name)
      for (const imported of find(name).imports) modulesOf(imported, seen)
    }
    return seen
  }

  function grammars(language: string): string[] | undefined {
    const known = grammarPaths.get(language)
    if (known) return known
    const files = grammarFiles(language)
    if (files === undefined) return undefined
    const paths = files.map(({ name, text }) => `${base}/assets/${(byName.get(name) ?? add(name, text, [])).file}`)
    if (language === 'log') paths.push(path('log-language.js'))
    grammarPaths.set(language, paths)
    return paths
  }

  function combine(names: readonly string[]): void {
    add(combined(names), names.map((one) => find(one).bytes.toString()).join(''), [])
  }

  /** An asset by its hashed name. Another replica may have named a grammar that this one hasn't yet. */
  function named(file: string): Asset | undefined {
    if (byFile.has(file)) return byFile.get(file)
    const grammar = GRAMMAR.exec(file)
    if (grammar) grammars(grammar[1] ?? 'log')
    return byFile.get(file)
  }

  const path = (name: string) => `${base}/assets/${find(name).file}`
  return {
    path,
    modules: (name) => [...modulesOf(name, new Set())].map(path),
    styles: (names) => path(combined(names)),
    grammars,
    read(file) {
      const asset = named(file)
      if (!asset) return undefined
      return {
        mediaType: asset.mediaType,
        bytes(encoding) {
          const key = `${encoding} ${file}`
          let bytes = compressed.get(key)
          if (!bytes) {
            bytes = compress(asset.bytes, encoding, 'once')
            compressed.set(key, bytes)
          }
          return bytes
        },
      }
    },
  }
}

/** `base+controls.css`: the name of several style sheets as one. */
function combined(names: readonly string[]): string {
  return `${names.map((one) => one.slice(0, -4)).join('+')}.css`
}

/** The full path of each file that is an asset, by its name. */
function findSources(folders: readonly string[]): Map<string, string> {
  const sources = new Map<string, string>()
  for (const folder of folders)
    for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      const name = basename(path)
      if (!TYPES[extname(name)]) continue
      if (sources.has(name)) throw new Error(`two assets have the name ${name}`)
      sources.set(name, join(folder, path))
    }
  return sources
}
