import { html } from 'ghtml'
import type { Line } from './lines.ts'
import { countWords, numberWords } from './public/words.js'

/**
 * The numbered lines of a paste. Numbers are drawn by a CSS counter, so they are never selected with the text.
 * `ended` says whether the last line has a line end.
 */
export function renderCode(lines: readonly Line[], language: string | null, ended = true): string {
  let body = ''
  for (const [index, line] of lines.entries()) {
    const number = index + 1
    const end = ended || number < lines.length ? '\n' : ''
    // The line end is in the text: what is selected and copied is what was pasted.
    body +=
      line.rest === ''
        ? `<span class="line" id="L${number}">${line.html}${end}</span>`
        : `<span class="line long" id="L${number}">${line.html}${renderRest(line, number)}${end}</span>`
  }
  const digits = String(lines.length).length
  const label = `Content, ${countWords(lines.length, 'line')}`
  return html`<pre class="code digits-${digits}" id="code" tabindex="0" role="region" aria-label="${label}"!${language === null ? '' : html` data-language="${language}"`}><code>!${body}</code></pre>`
}

// Without scripts the link makes the line the target of the address, and CSS shows the rest of a target.
function renderRest(line: Line, number: number): string {
  const more = numberWords(line.characters)
  return `<span class="rest">${line.rest}</span><a class="show-all" href="#L${number}">show all ${more} characters</a>`
}
