import { html } from 'ghtml'

/**
 * A table that is always there. `rows` are HTML of cells, `heads` words; a head that begins with `|` stands over words
 * or drawings, all others over figures. A table of `few` columns takes only the width that it needs. `id` is unique on
 * the page.
 */
export function renderFactTable(
  id: string,
  caption: string,
  heads: readonly string[],
  rows: readonly string[],
  few = false,
): string {
  const head = (words: string) =>
    words.startsWith('|')
      ? html`<th scope="col" class="drawn">${words.slice(1)}</th>`
      : html`<th scope="col">${words}</th>`
  return html`<div class="scroll!${few ? ' few' : ''}" tabindex="0" role="region" aria-label="${caption}" id="${id}" data-fresh><table class="facts-table"><caption class="unseen">${caption}</caption>
<thead><tr>!${heads.map(head).join('')}</tr></thead>
<tbody>!${rows.map((row) => `<tr>${row}</tr>`).join('\n')}</tbody></table></div>`
}
