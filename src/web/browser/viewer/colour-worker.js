/** @import { Colours } from './row.js' */

// Runs beside the page, never in its way: highlight.js and one grammar, loaded when the first text is to be coloured.
let loaded

/** @param {string[]} paths the core, the grammars it needs, the language's own last */
async function load(paths) {
  const [{ default: hljs }, ...grammars] = await Promise.all(paths.map((path) => import(path)))
  let name = ''
  for (const [index, { default: grammar }] of grammars.entries()) {
    name = /grammar-([a-z0-9-]+)\./.exec(paths[index + 1] ?? '')?.[1] ?? 'log'
    hljs.registerLanguage(name, grammar)
  }
  return (/** @type {string} */ text) => hljs.highlight(text, { language: name, ignoreIllegals: true }).value
}

/**
 * Takes highlighted HTML apart, line by line. Spans that are open at a line's end are closed there and opened again.
 * @param {string} html what highlight.js gives: `<span class="…">`, `</span>` and escaped text
 * @returns {Colours[]}
 */
function coloursOf(html) {
  /** @type {Colours[]} */
  const lines = []
  /** @type {string[]} */
  const open = []
  /** @type {Colours} */
  let line = []
  const add = (/** @type {number} */ width) => {
    const last = line.length - 1
    if (typeof line[last] === 'number') line[last] += width
    else line.push(width)
  }
  for (const [token, name] of html.matchAll(/<span class="([^"]*)">|<\/span>|\n|&[#\w]+;|[^<\n&]+/g)) {
    if (name !== undefined) {
      open.push(name)
      line.push(name)
    } else if (token === '</span>') {
      open.pop()
      line.push(null)
    } else if (token === '\n') {
      lines.push(line)
      line = [...open]
    } else add(token.startsWith('&') ? 1 : token.length)
  }
  lines.push(line)
  return lines
}

addEventListener('message', async ({ data: { id, text, paths } }) => {
  loaded ??= load(paths)
  const highlight = await loaded
  postMessage({ id, lines: coloursOf(highlight(text)) })
})
