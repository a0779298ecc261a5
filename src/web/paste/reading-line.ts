import { html } from 'ghtml'
import { CHARSETS, canBeRead } from '../../content/index.ts'
import type { Paste } from '../../paste/index.ts'
import { countWords } from '../shared/words.js'

/** How the bytes of a paste are read on its page. */
export type Reading = {
  /** The path of the page. */
  path: string
  /** A name of `CHARSETS`. */
  charset: string
  /** The charset that the address asks for in place of what the content was found to be, if it does. */
  chosen: string | undefined
  /** Whether the text was made for a terminal, and whether the address asks for its source. */
  terminal: boolean
  source: boolean
  /** Characters that could not be read; undefined where only some of the lines are known. */
  unread?: number | undefined
}

/** The characters of a text that stand for what could not be read. */
export function countUnread(text: string): number {
  return text.split('\ufffd').length - 1
}

/** What the query of a page begins with, so that it is read like this one: empty, or ending in `&`. */
export function askedOf({ chosen, source }: Pick<Reading, 'chosen' | 'source'>): string {
  return `${chosen === undefined ? '' : `charset=${chosen}&`}${source ? 'as=source&' : ''}`
}

/**
 * The line above a text that is not plain UTF-8, or not shown as it is: as what it is read, how much of it can't be, and
 * links to the page as it is read otherwise, each with its own address. No links where each would be another reading.
 * Empty for all other texts.
 */
export function renderReading(paste: Paste, reading: Reading): string {
  return [renderTerminal(paste, reading), renderCharset(paste, reading)].filter((part) => part !== '').join(' ')
}

function renderTerminal({ maxViews }: Paste, { path, chosen, terminal, source }: Reading): string {
  if (!terminal) return ''
  const what = source ? 'Source of terminal output' : 'Terminal output'
  if (maxViews !== null) return html`<span>${what}</span>`
  const query = askedOf({ chosen, source: !source }).slice(0, -1)
  return html`<span>${what} · <a href="${path}${query && `?${query}`}">${source ? 'show as a terminal does' : 'show the source'}</a></span>`
}

function renderCharset({ content, maxViews }: Paste, { path, charset, chosen, source, unread }: Reading): string {
  if (content.utf8 && chosen === undefined) return ''
  const links = Object.entries(CHARSETS)
    .filter(([name]) => canBeRead(content, name))
    .map(([name, words]) =>
      name === charset
        ? html`<li><b aria-current="true">${words}</b></li>`
        : html`<li><a href="${path}?${askedOf({ chosen: name, source }).slice(0, -1)}">${words}</a></li>`,
    )
  const damage =
    unread === undefined
      ? 'Bytes that can’t be read are shown as \ufffd.'
      : `${countWords(unread, 'character')} can’t be read, shown as \ufffd.`
  const words = `Read as ${CHARSETS[charset]?.replace(/ \(.*/, '') ?? charset}`
  const change = html`<details class="reading"><summary>${words} · <span class="link">change</span></summary><ul>!${links.join('')}</ul></details>`
  const told = unread === 0 || (unread === undefined && charset !== 'utf-8') ? '' : html` <span>${damage}</span>`
  return `${maxViews === null ? change : html`<span>${words}</span>`}${told}`
}
