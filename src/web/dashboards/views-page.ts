import { html } from 'ghtml'
import { DASHBOARD_STYLES, renderDocument, renderHeader, type Site } from '../page/index.ts'

/**
 * The owner's page of a paste's views. `views` is HTML of {@link renderPasteViews} for a request that carries the edit
 * token; a browser that opens the page can't send it, so `views.js` asks again with the token it keeps.
 */
export function renderViewsPage(site: Site, slug: string, views: string): string {
  return renderDocument(site, {
    title: `Views of ${slug}`,
    kind: 'document wide',
    styles: DASHBOARD_STYLES,
    script: 'views.js',
    body: html`!${renderHeader(site, '/mine')}
<main id="main" class="page" data-slug="${slug}">
<h1>Views of <a href="${site.base}/${slug}">/${slug}</a></h1>
<noscript><p class="notice">This page needs the edit token that your browser keeps, which takes scripts.</p></noscript>
<p id="status" class="status" role="status"></p>
!${views === '' ? '<div id="views"></div>' : views}
<p class="muted small end">Counted within some seconds, by day and hour (UTC). Visitors are kept only as a hash that changes every day.</p>
</main>`,
  })
}
