import { html } from 'ghtml'
import { expiryChoices, renderDetailFields } from '../form/index.ts'
import { renderDocument, renderHeader, type Site } from '../page/index.ts'

/** "My pastes": the list lives in this browser only; `mine.js` fills it and edits through REST. */
export function renderMinePage(site: Site): string {
  const choices = expiryChoices(site.limits).map(
    ({ value, label }) => html`<option value="${value}">${value === 'never' ? label : `${label} from now`}</option>`,
  )
  return renderDocument(site, {
    title: 'My pastes',
    styles: ['list.css'],
    script: 'mine.js',
    body: html`!${renderHeader(site, '/mine')}
<main id="main" class="page">
<h1>My pastes on this device</h1>
<p class="muted">Their edit tokens are kept in this browser and nowhere else. Clearing its data forgets them; the pastes stay until they end.</p>
<noscript><p class="notice">This page reads the list from your browser, which takes scripts.</p></noscript>
<p id="status" class="status" role="status"></p>
<ul id="list" class="list"></ul>
<p id="empty" class="muted" hidden>Nothing yet. <a href="${site.base}/">Post something</a>, and it is listed here.</p>
</main>
<dialog id="edit" class="dialog wide" aria-labelledby="edit-title"><form method="dialog" id="edit-form">
<h2 id="edit-title">Edit</h2>
<label class="unseen" for="content">Content</label>
<textarea id="content" spellcheck="false" autocapitalize="off" wrap="off" rows="16"></textarea>
<p id="content-note" class="muted small" hidden></p>
<div id="theirs" hidden><label for="theirs-text">As it is now</label><textarea id="theirs-text" readonly wrap="off" rows="8"></textarea></div>
<div class="fields">!${renderDetailFields({})}<div class="field"><label for="ends">Ends</label><select id="ends"><option value="">as it is</option>!${choices}</select></div></div>
<p id="edit-problem" class="problem-line" role="alert"></p>
<div class="row"><button type="submit" class="primary" value="save">Save</button><button type="button" class="quiet" id="edit-cancel">Cancel</button></div>
</form></dialog>`,
  })
}
