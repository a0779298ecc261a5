import { html } from 'ghtml'
import { renderDocument, renderHeader, type Site } from '../page/index.ts'

/** The page to try the REST API; `api.js` builds it from the OpenAPI document. */
export function renderApiPage(site: Site): string {
  return renderDocument(site, {
    title: 'API',
    styles: ['list.css', 'api.css'],
    script: 'api.js',
    indexed: true,
    body: html`!${renderHeader(site, '/api/docs')}
<main id="main" class="page">
<h1>API</h1>
<p>Described by <a href="${site.base}/api/openapi.json">/api/openapi.json</a> (OpenAPI 3.1). Fill in an operation and send it, from here and for real; the curl line under it does the same.</p>
<noscript><p class="notice">This page needs scripts. The document above has all of it.</p></noscript>
<p id="status" class="status" role="status"></p>
<div id="operations" data-origin="${site.publicUrl()}"></div>
</main>`,
  })
}
