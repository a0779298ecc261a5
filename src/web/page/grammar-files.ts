import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { grammarsOf } from '../highlight/index.ts'

/** A file that is made into an asset: its name without the hash, and its text. */
export type GrammarFile = { name: string; text: string }

const GRAMMAR_NAME = /^[a-z0-9][a-z0-9-]*$/
const resolve = createRequire(import.meta.url).resolve

/**
 * highlight.js and its grammars for a language as modules for the browser, the core first. Undefined when it has no
 * such grammar. `log` is ours, and lies in `shared/`.
 */
export function grammarFiles(language: string): GrammarFile[] | undefined {
  try {
    const names = grammarsOf(language).filter((name) => name !== 'log')
    if (!names.every((name) => GRAMMAR_NAME.test(name))) return undefined
    return [
      { name: 'highlight.js', text: asModule('highlight.js/lib/core') },
      ...names.map((name) => ({ name: `grammar-${name}.js`, text: asModule(`highlight.js/lib/languages/${name}`) })),
    ]
  } catch {
    return undefined
  }
}

// The package has CommonJS files only: its `es` folder wraps them for Node.
function asModule(path: string): string {
  return `const module = { exports: {} }\n${readFileSync(resolve(path), 'utf8')}\nexport default module.exports\n`
}
