import hljs from 'highlight.js'
import { mostRowCharacters, renderColoured, renderPlain } from '../../../src/web/code/index.ts'

const WHOLE = { kind: 'whole' } as const
const DEPTH = 400
const LINES = 300

/** The openers of a language that make its rows larger or deeper than they may be. */
export function beyondBounds(language: string): string[] {
  return [...openersOf(language)].filter((opener) => {
    const text = `${opener.repeat(DEPTH)}${'\n'.repeat(LINES)}1`
    const html = rowsOf(text, language)
    return html.length > mostRowCharacters(text) + 200 || depthOf(html) > 34
  })
}

/** Texts that open something and never close it: the literal beginnings in a grammar's definition. */
function openersOf(name: string): Set<string> {
  const found = new Set<string>(['{', '(', '[', '"', "'", '`${', '/*', '<!--', '<a>', '$('])
  const seen = new Set<unknown>()
  const visit = (mode: unknown) => {
    if (!(mode instanceof Object) || seen.has(mode)) return
    seen.add(mode)
    if ('begin' in mode) {
      const source = mode.begin instanceof RegExp ? mode.begin.source : String(mode.begin)
      const literal = source.replace(/\\([^a-zA-Z\d])/g, '$1')
      if (literal.length <= 8 && !/\\[a-zA-Z]|[*+?|^\]]/.test(source)) found.add(literal)
    }
    for (const value of Object.values(mode)) if (value instanceof Object) visit(value)
  }
  visit(hljs.getLanguage(name))
  return found
}

function depthOf(html: string): number {
  let [depth, most] = [0, 0]
  for (const [tag] of html.matchAll(/<\/?span/g)) {
    depth += tag === '<span' ? 1 : -1
    most = Math.max(most, depth)
  }
  return most
}

/** What the page shows: colours if they are within the bound, else plain rows. */
export function rowsOf(text: string, language: string): string {
  const coloured = hljs.highlight(text, { language, ignoreIllegals: true }).value
  return renderColoured(coloured, text, WHOLE, language) ?? renderPlain(text, WHOLE, language)
}
