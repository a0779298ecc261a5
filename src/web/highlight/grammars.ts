import { createRequire } from 'node:module'
import { LRUCache } from 'lru-cache'

// Grammars that another one hands parts of its text to.
const EMBEDDED: Record<string, string[]> = { xml: ['css', 'javascript'], markdown: ['xml'], php: ['xml'] }

/** A grammar and all it embeds, by highlight.js name, those first that others need. */
export function grammarsOf(name: string): string[] {
  const inner = (EMBEDDED[name] ?? []).flatMap(grammarsOf)
  return [...new Set([...inner, name])]
}

const { resolve } = createRequire(import.meta.url)
// Strangers may name anything, and each look costs a look at the disk.
const known = new LRUCache<string, boolean>({ max: 1_000 })

/** Whether highlight.js has a grammar of this name. */
export function isGrammar(name: string): boolean {
  let is = known.get(name)
  if (is === undefined) {
    is = /^[a-z0-9][a-z0-9-]{0,31}$/.test(name) && resolves(`highlight.js/lib/languages/${name}`)
    known.set(name, is)
  }
  return is
}

function resolves(path: string): boolean {
  try {
    return resolve(path) !== ''
  } catch {
    return false
  }
}
