import { parentPort } from 'node:worker_threads'
import hljs from 'highlight.js/lib/core'
import { renderColoured, renderPlain, renderTerminal, type Shape } from '../code/index.ts'
import logLanguage from '../shared/log-language.js'
import { grammarsOf } from './grammars.ts'
import { guessLanguage } from './guess-language.ts'
import { TERMINAL } from './languages.ts'

/**
 * What the worker is asked: `language` is a highlight.js name, or undefined: guess. `wantsPlain`: the rows without
 * colours come first, for the case that colouring takes too long.
 */
export type RenderRequest = {
  id: number
  text: string
  language: string | undefined
  shape: Shape
  wantsPlain: boolean
}
/** First what is quick: the language, null when it can't be guessed, and the plain rows if they were wanted. */
export type Begun = { id: number; begun: true; language: string | null; plain: string | null }
/** Then the rows in colours; null when there are none, or too large. */
export type Done = { id: number; begun: false; coloured: string | null }

hljs.registerLanguage('log', logLanguage)

/** Loads one grammar, and those it embeds, when it is first needed: all 192 would cost some 60 MB. */
async function load(language: string): Promise<boolean> {
  for (const name of grammarsOf(language)) {
    if (hljs.getLanguage(name)) continue
    try {
      const grammar = await import(`highlight.js/lib/languages/${name}`)
      hljs.registerLanguage(name, grammar.default)
    } catch {
      return false
    }
  }
  return true
}

async function colour(text: string, language: string, shape: Shape): Promise<string | null> {
  if (language === TERMINAL) return renderTerminal(text, shape, language)
  if (language === 'plaintext' || !(await load(language))) return null
  return renderColoured(hljs.highlight(text, { language, ignoreIllegals: true }).value, text, shape, language)
}

parentPort?.on('message', async ({ id, text, language: wanted, shape, wantsPlain }: RenderRequest) => {
  const language = wanted ?? guessLanguage(text)
  const plain = wantsPlain || language === null ? renderPlain(text, shape, language) : null
  parentPort?.postMessage({ id, begun: true, language, plain } satisfies Begun)
  // Deep nesting overflows the stack of highlight.js.
  const coloured = language === null ? null : await colour(text, language, shape).catch(() => null)
  parentPort?.postMessage({ id, begun: false, coloured } satisfies Done)
})
