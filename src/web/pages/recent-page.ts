import { html } from 'ghtml'
import { charsetOf } from '../../content/index.ts'
import type { Paste } from '../../paste/index.ts'
import { languageLabel, languageOf } from '../highlight/index.ts'
import { renderDocument, renderHeader, type Site } from '../page/index.ts'
import { pasteName } from '../paste/index.ts'
import { agoWords, countWords, endsWords, roughSizeWords, sizeWords } from '../shared/words.js'

/** Public pastes, newest first, a page at a time. */
export function renderRecentPage(
  site: Site,
  list: { pastes: readonly Paste[]; nextCursor: string | null },
  now: number,
): string {
  const rows = list.pastes.map((paste) => {
    const { content, createdAt, expiresAt, slug } = paste
    const language = languageOf(paste.language)
    const counted = paste.maxViews !== null
    const facts = [counted ? roughSizeWords(content.sizeBytes) : sizeWords(content.sizeBytes)]
    if (charsetOf(content) !== undefined && !counted) facts.push(countWords(content.lines, 'line'))
    if (language !== undefined) facts.push(languageLabel(language))
    const at = new Date(createdAt).toISOString()
    return html`<li><a href="${site.base}/${slug}">${pasteName(paste)}</a><span class="muted small">${facts.join(' · ')} · <time datetime="${at}" title="${at.slice(0, 16).replace('T', ' ')} UTC">${agoWords(createdAt, now)}</time> · ${endsWords(expiresAt, now)}</span></li>`
  })
  const empty = '<p class="muted">Nothing public yet. A paste is listed here when its author chooses so.</p>'
  return renderDocument(site, {
    title: 'Recent pastes',
    styles: ['list.css'],
    script: 'page.js',
    indexed: true,
    body: html`!${renderHeader(site, '/recent')}
<main id="main" class="page">
<h1>Recent pastes</h1>
!${rows.length === 0 ? empty : `<ul class="list">${rows.join('')}</ul>`}
!${list.nextCursor === null ? '' : html`<p><a class="button" rel="next" href="${site.base}/recent?cursor=${encodeURIComponent(list.nextCursor)}">Older</a></p>`}
</main>`,
  })
}
