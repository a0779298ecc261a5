import { html } from 'ghtml'
import { CHARSETS, canBeRead } from '../../content/index.ts'
import type { Paste } from '../../paste/index.ts'
import { countWords } from '../shared/words.js'

/** How the bytes of a paste are read on its page. */
export type Reading = {
  /** A name of `CHARSETS`. */
  charset: string
  /** Whether the address asks for it, in place of what the content was found to be. */
  chosen: boolean
  /** Characters that could not be read; undefined where only some of the lines are known. */
  unread?: number | undefined
}

/** The characters of a text that stand for what could not be read. */
export function countUnread(text: string): number {
  return text.split('\ufffd').length - 1
}

/**
 * The line above a text that is not plain UTF-8: as what it is read, how much of it can't be, and links to the page as it
 * is read otherwise, each with its own address. Empty for all others.
 */
export function renderReading(path: string, { content }: Paste, { charset, chosen, unread }: Reading): string {
  if (content.utf8 && !chosen) return ''
  const links = Object.entries(CHARSETS)
    .filter(([name]) => canBeRead(content, name))
    .map(([name, words]) =>
      name === charset
        ? html`<li><b aria-current="true">${words}</b></li>`
        : html`<li><a href="${path}?charset=${name}">${words}</a></li>`,
    )
  const damage =
    unread === undefined
      ? 'Bytes that can’t be read are shown as \ufffd.'
      : `${countWords(unread, 'character')} can’t be read, shown as \ufffd.`
  const words = CHARSETS[charset]?.replace(/ \(.*/, '') ?? charset
  return html`<details class="reading"><summary>Read as ${words} · <span class="link">change</span></summary><ul>!${links.join('')}</ul></details>!${unread === 0 || (unread === undefined && charset !== 'utf-8') ? '' : html` <span>${damage}</span>`}`
}
