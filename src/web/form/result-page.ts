import { html } from 'ghtml'
import type { CreatedPaste } from '../../paste/index.ts'
import { renderDocument, renderHeader, type Site } from '../page/index.ts'
import { endsWords, readingsWords } from '../shared/words.js'

/** The answer to a post without scripts: the address, when it ends, and the one showing of the edit token. */
export function renderResultPage(site: Site, { paste, editToken }: CreatedPaste, now: number): string {
  const url = `${site.publicUrl()}/${paste.slug}`
  return renderDocument(site, {
    title: 'Posted',
    styles: ['result.css'],
    body: html`!${renderHeader(site, '')}
<main id="main" class="page result">
<h1>Posted</h1>
<p><a class="address" href="${site.base}/${paste.slug}">${url}</a></p>
<p class="muted">It ${endsWords(paste.expiresAt, now)}.</p>
!${paste.maxViews === null ? '' : html`<p class="notice">${readingsWords(paste.maxViews)}</p>`}
<img class="qr" src="${site.base}/qr/${paste.slug}" width="164" height="164" alt="The address as a QR code">
<h2>Edit token</h2>
<p>With it you can change or delete the paste. It is shown only now, so keep it:</p>
<p><code class="token">${editToken}</code></p>
<pre class="example" tabindex="0" role="region" aria-label="How to delete it">curl -X DELETE -H 'Authorization: Bearer ${editToken}' ${site.publicUrl()}/api/v1/pastes/${paste.slug}</pre>
<p><a class="button" href="${site.base}/">New paste</a></p>
</main>`,
  })
}
