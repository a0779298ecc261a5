import { parentPort } from 'node:worker_threads'
import hljs from 'highlight.js/lib/core'
import logLanguage from '../shared/log-language.js'
import { grammarsOf } from './grammars.ts'
import { guessLanguage } from './guess-language.ts'

/** What the worker is asked: `language` is a highlight.js name, or undefined: guess. */
export type HighlightRequest = { id: number; text: string; language: string | undefined }
/** What it answers: HTML of the text, or null when the language is unknown or can't be guessed. */
export type HighlightReply = { id: number; html: string | null; language: string | null }

const SAMPLE_CHARACTERS = 8_192

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

async function highlight(text: string, wanted: string | undefined): Promise<Omit<HighlightReply, 'id'>> {
  const language = wanted ?? guessLanguage(text.slice(0, SAMPLE_CHARACTERS))
  if (language === null || language === 'plaintext' || !(await load(language))) return { html: null, language }
  return { html: hljs.highlight(text, { language, ignoreIllegals: true }).value, language }
}

parentPort?.on('message', async ({ id, text, language }: HighlightRequest) => {
  const answer = await highlight(text, language).catch(() => ({ html: null, language: null }))
  parentPort?.postMessage({ id, ...answer } satisfies HighlightReply)
})
