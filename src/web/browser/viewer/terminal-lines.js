import { readTerminalLine } from '../../shared/terminal.js'
import { classesOf, PLAIN } from '../../shared/terminal-style.js'
import { countWords } from '../../shared/words.js'

/** @import { TerminalStyle } from '../../shared/terminal-style.js' */
/** @import { Line } from './line-parser.js' */
/** @import { Colours } from './row.js' */

/**
 * Lines as a terminal shows them: their text, and its colours. A colour goes on in the next lines, up to the end of the
 * window in which they are fetched: each window begins plain, so that a line looks the same however it was come to.
 * @param {{ get(line: number): Line | undefined, windowsOf(first: number, last: number): number[] }} store
 */
export function createTerminalLines(store) {
  /** @type {WeakMap<Line, { line: Line, colours: Colours, style: TerminalStyle }>} */
  const known = new WeakMap()

  /** @param {number} number */
  function of(number) {
    const raw = store.get(number)
    if (!raw) return undefined
    const before = known.get(raw)
    if (before) return before
    // From the first line of the window on, or from the last one that is known already.
    const [windowFirst = number] = store.windowsOf(number, number)
    let from = number
    while (from > windowFirst) {
      const earlier = store.get(from - 1)
      if (!earlier || known.has(earlier)) break
      from--
    }
    for (let line = from; line <= number; line++) {
      const earlier = line > windowFirst ? store.get(line - 1) : undefined
      read(/** @type {Line} */ (store.get(line)), (earlier && known.get(earlier)?.style) ?? PLAIN)
    }
    return known.get(raw)
  }

  /** @param {Line} raw @param {TerminalStyle} start */
  function read(raw, start) {
    const { runs, updates, style } = readTerminalLine(raw.text, start)
    /** @type {Colours} */
    const colours = []
    for (const run of runs) {
      const { link } = run.style
      const classes = classesOf(run.style)
      if (link !== null) colours.push({ href: link, to: new URL(link).host })
      if (classes !== '') colours.push(classes)
      colours.push(run.text.length)
      if (classes !== '') colours.push(null)
      if (link !== null) colours.push(null)
    }
    if (updates > 0) colours.push({ updates: countWords(updates, 'update') })
    known.set(raw, { line: { ...raw, text: runs.map(({ text }) => text).join('') }, colours, style })
  }

  return { of }
}
