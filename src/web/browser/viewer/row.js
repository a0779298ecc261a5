import { numberWords, sizeWords } from '../../shared/words.js'
import { element } from '../common/dom.js'

/** @import { Line } from './line-parser.js' */

/**
 * Colours of a line: a number is so many characters of text, a string opens a span with that class, an address a link that
 * says where it goes, null closes one; `updates` is said behind the text.
 * @typedef {(number | string | null | { href: string, to: string } | { updates: string })[]} Colours
 */

/**
 * A row without its text: the number is drawn by CSS, so it is there at once.
 * @param {number} number
 * @param {number} count lines there are, for screen readers
 * @returns {HTMLElement}
 */
export function makeRow(number, count) {
  return nameRow(element('span', { class: 'line', 'data-line': number }), number, count)
}

/**
 * Says to screen readers where a row is. It has no id: the browser would scroll to the one that the address names, and
 * the viewer does.
 * @param {HTMLElement} row
 * @param {number} number
 * @param {number} count
 */
export function nameRow(row, number, count) {
  row.removeAttribute('id')
  row.setAttribute('role', 'listitem')
  row.setAttribute('aria-posinset', String(number))
  row.setAttribute('aria-setsize', String(count))
  return row
}

/**
 * Puts a line's text into its row.
 * @param {HTMLElement} row
 * @param {Line} line
 * @param {Colours | undefined} colours
 * @param {string} rawPath where the whole line is
 */
export function fillRow(row, line, colours, rawPath) {
  const parts = colours ? coloured(line.text, colours) : [line.text]
  row.classList.toggle('long', line.cut)
  if (line.cut && line.expanded) parts.push(element('a', { class: 'show-raw', href: rawPath }, `raw:${howMuch(line)}`))
  else if (line.cut) parts.push(element('a', { class: 'show-all', href: rawPath }, `show all${howMuch(line)}`))
  if (line.ended) parts.push('\n')
  row.replaceChildren(...parts)
}

/** @param {Line} line */
function howMuch({ bytes }) {
  if (Number.isNaN(bytes)) return ''
  return bytes < 10_000 ? ` ${numberWords(bytes)} B` : ` ${sizeWords(bytes)}`
}

/** @param {{ href: string, to: string }} where */
function linkTo({ href, to }) {
  return element('a', { class: 'tty-link', href, rel: 'nofollow noopener noreferrer', 'data-to': to })
}

/** @param {string} text @param {Colours} colours @returns {(Node | string)[]} */
function coloured(text, colours) {
  const root = document.createDocumentFragment()
  /** @type {Node} */
  let parent = root
  let at = 0
  for (const step of colours) {
    if (typeof step === 'number') {
      parent.appendChild(document.createTextNode(text.slice(at, at + step)))
      at += step
    } else if (step === null) parent = parent.parentNode ?? root
    else if (typeof step === 'string') parent = parent.appendChild(element('span', { class: step }))
    else if ('href' in step) parent = parent.appendChild(linkTo(step))
    else parent.appendChild(element('span', { class: 'updates', 'data-updates': step.updates }))
  }
  if (at < text.length) root.append(text.slice(at))
  return [root]
}
