import { html } from 'ghtml'
import type { Values } from './plot-path.ts'
import type { Plot } from './types.ts'

/**
 * What a plot shows, as a table that can be opened below it; for those who can't see the drawing, and for who wants
 * the exact figures. End tags that HTML lets go are left out: most of the page's bytes are cells.
 */
export function renderPlotTable(
  { id, title, unit, axis, words }: Pick<Plot, 'id' | 'title' | 'unit' | 'axis' | 'words'>,
  columns: readonly { name: string; values: Values }[],
): string {
  const heads = columns.map(({ name }) => html`<th scope=col>${name}`)
  const rows = axis.labels.map(
    (label, index) =>
      html`<tr><th scope=row>${label}!${columns.map(({ values }) => html`<td>${words(values[index] ?? null)}`).join('')}`,
  )
  return html`<details class="figures"><summary>Table</summary><div class="scroll" tabindex="0" role="region" aria-label="Table: ${title}"><table id="${id}-table"><caption class="unseen">${title}, ${unit}</caption><thead><tr><th scope=col>${axis.heading}!${heads.join('')}</thead><tbody>!${rows.join('')}</tbody></table></div></details>`
}
