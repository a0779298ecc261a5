import { html } from 'ghtml'
import { countWords, numberWords } from '../shared/words.js'
import type { Line } from './split-lines.ts'

/**
 * The numbered lines of a paste. Numbers are drawn by a CSS counter, so they are never selected with the text.
 * `ended` says whether the last line has a line end.
 */
export function renderCode(lines: readonly Line[], language: string | null, ended = true): string {
  const rows = renderRows(lines, { first: 1, ended, rest: renderRest })
  const label = `Content, ${countWords(lines.length, 'line')}`
  return html`<pre class="code digits-${digits(lines.length)}" id="code" tabindex="0" role="region" aria-label="${label}"!${ofLanguage(language)}><code>!${rows}</code></pre>`
}

// Some screens.
const SHOWN_LINES = 100

/** Some lines of a larger paste, from line `first` on, of which `total` there are. */
export type SomeLines = {
  lines: readonly Line[]
  first: number
  total: number
  /** Whether the last of them has its line end. */
  ended: boolean
  /** Whether the one line there is was too long to be read to its end. */
  cut: boolean
  /** The address, but for the line's number, where a single line's whole text is. */
  linkTo: string
}

/**
 * Some numbered lines inside the box in which a script shows all of them. Without one, the box scrolls over these. Each
 * row names its number: a CSS counter would have to restart whenever rows change.
 */
export function renderSomeLines(
  { lines, first, total, ended, cut, linkTo }: SomeLines,
  language: string | null,
): string {
  const rest = ({ characters }: Line, line: number) =>
    html`<a class="show-all" href="${linkTo}${line}">show all!${cut ? '' : ` ${numberWords(characters)} characters`}</a>`
  const others = renderRows(lines.slice(SHOWN_LINES), { first: first + SHOWN_LINES, ended, rest, numbered: true })
  const shown = renderRows(lines.slice(0, SHOWN_LINES), { first, ended: ended || others !== '', rest, numbered: true })
  // A browser that runs scripts need not lay out what is far below the screen: the script fetches it when it is near.
  const rows = others === '' ? shown : `${shown}<noscript>${others}</noscript>`
  const label = `Content, ${countWords(total, 'line')}`
  return html`<div class="viewer" id="viewer" tabindex="0" role="region" aria-label="${label}"><div class="track" id="track"><pre class="code digits-${digits(total)}" id="code"!${ofLanguage(language)}><code id="rows">!${rows}</code></pre></div></div>`
}

type Rows = { first: number; ended: boolean; rest(line: Line, number: number): string; numbered?: boolean }

function renderRows(lines: readonly Line[], { first, ended, rest, numbered = false }: Rows): string {
  let rows = ''
  for (const [index, line] of lines.entries()) {
    const number = first + index
    // The line end is in the text: what is selected and copied is what was pasted.
    const end = ended || index < lines.length - 1 ? '\n' : ''
    const told = numbered ? ` data-line="${number}"` : ''
    rows +=
      line.rest === ''
        ? `<span class="line" id="L${number}"${told}>${line.html}${end}</span>`
        : `<span class="line long" id="L${number}"${told}>${line.html}${rest(line, number)}${end}</span>`
  }
  return rows
}

// Without scripts the link makes the line the target of the address, and CSS shows the rest of a target.
function renderRest(line: Line, number: number): string {
  const more = numberWords(line.characters)
  return `<span class="rest">${line.rest}</span><a class="show-all" href="#L${number}">show all ${more} characters</a>`
}

function digits(lines: number): number {
  return String(lines).length
}

function ofLanguage(language: string | null): string {
  return language === null ? '' : html` data-language="${language}"`
}
