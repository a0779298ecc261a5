import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Encoding } from '../core/index.ts'
import { compress } from './compress.ts'

/** The static files of the pages, under names that change with their content. */
export type Assets = {
  /** The path of a file of `public/`, such as `/assets/form.Zm9vYmFy.js`. Throws when there is no such file. */
  path(name: string): string
  /** The paths of a module and of everything it imports, itself first: for `modulepreload`. */
  modules(name: string): string[]
  /** The bytes for a content-hashed file name, compressed once for each encoding; undefined when there is none. */
  read(file: string): { mediaType: string; bytes(encoding: Encoding): Promise<Buffer> } | undefined
}

const TYPES: Record<string, string> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
}
const IMPORT = /(?<=\b(?:from|import) '\.\/)[\w-]+\.js(?=')/g

type Asset = { file: string; mediaType: string; bytes: Buffer; imports: string[] }

/** Reads `public/` once. A module's imports are rewritten to hashed names, so its hash covers what it imports. */
export function loadAssets(folder: string = fileURLToPath(new URL('public', import.meta.url))): Assets {
  const byName = new Map<string, Asset>()
  for (const name of readdirSync(folder)) if (TYPES[extname(name)]) load(name)
  const byFile = new Map([...byName.values()].map((asset) => [asset.file, asset]))
  const compressed = new Map<string, Promise<Buffer>>()

  function load(name: string): Asset {
    const known = byName.get(name)
    if (known) return known
    const imports: string[] = []
    const text = readFileSync(join(folder, name), 'utf8').replace(IMPORT, (imported) => {
      imports.push(imported)
      return load(imported).file
    })
    const bytes = Buffer.from(text)
    const hash = createHash('sha256').update(bytes).digest('base64url').slice(0, 10)
    const extension = extname(name)
    const file = `${name.slice(0, -extension.length)}.${hash}${extension}`
    const asset = { file, mediaType: TYPES[extension] ?? '', bytes, imports }
    byName.set(name, asset)
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

  return {
    path: (name) => `/assets/${find(name).file}`,
    modules: (name) => [...modulesOf(name, new Set())].map((module) => `/assets/${find(module).file}`),
    read(file) {
      const asset = byFile.get(file)
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
