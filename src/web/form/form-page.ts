import { html } from 'ghtml'
import { CUSTOM_SLUG_PATTERN } from '../../paste/index.ts'
import { LANGUAGES } from '../highlight/index.ts'
import { renderDocument, renderHeader, renderKeySwitch, type Site } from '../page/index.ts'
import { sizeWords } from '../shared/words.js'
import { expiryChoices } from './expiry-choices.ts'

/** What the form shows at first: nothing, a copy of a paste, or what a refused post held, with the reason. */
export type FormValues = {
  content?: string
  /** The content escaped already. */
  contentHtml?: string
  title?: string
  slug?: string
  language?: string
  visibility?: string
  expiresIn?: string
  burnAfterReading?: string
  /** One or two sentences: what was wrong and what to do. */
  problem?: string
}

// The attribute is compiled with the v flag (HTML section 4.10.5.3.6), which wants this dash escaped.
const SLUG_INPUT_PATTERN = CUSTOM_SLUG_PATTERN.replaceAll('_-]', '_\\-]')

/** What the form says of who may post; a browser asks for the key by itself. */
const CREATE_NOTICES = {
  anyone: '',
  keys: '<p class="notice">Posting here takes a key. Your browser asks for it as a password; the user name doesn’t matter.</p>\n',
  off: '<p class="notice">This service takes no new pastes. What was posted can be read.</p>\n',
}

/** The form at `/`. It posts by itself without scripts; `form.js` makes it better. */
export function renderFormPage(site: Site, values: FormValues = {}): string {
  const { limits } = site
  const host = site.publicUrl().replace(/^https?:\/\//, '')
  return renderDocument(site, {
    title: '',
    indexed: true,
    kind: 'form',
    styles: ['form.css', 'result.css'],
    script: 'form.js',
    body: html`!${renderHeader(site, '/')}
<main id="main" class="page">
<h1 class="unseen">New paste</h1>
!${CREATE_NOTICES[limits.create]}<noscript><p class="notice">Without scripts you can post text up to 1 MiB. Larger files: <a href="${site.base}/help#shell">from a shell</a>.</p></noscript>
<form id="form" method="post" action="${site.base}/form" autocomplete="off" data-max-bytes="${limits.maxPasteBytes}" data-min-expiry-ms="${limits.minExpiryMs}" data-max-expiry-ms="${limits.maxExpiryMs ?? ''}">
<div class="drop" id="drop">
<label class="unseen" for="content">Text to paste</label>
<textarea id="content" name="content" placeholder="Paste text, or drop files here" spellcheck="false" autocapitalize="off" autocorrect="off" wrap="off" autofocus aria-describedby="count content-problem">
!${values.contentHtml ?? html`${values.content ?? ''}`}</textarea>
<ul id="files" class="files" aria-label="Files to post" hidden></ul>
</div>
<div class="under">
<p id="count" class="muted small scripted">0 lines · 0 B of ${sizeWords(limits.maxPasteBytes)}</p>
<p class="scripted"><label class="button" for="choose">Choose files</label><input id="choose" class="unseen" type="file" multiple></p>
</div>
<p id="content-problem" class="problem-line" role="alert">${values.problem ?? ''}</p>
<div class="fields">
<div class="field field-name">
<label for="slug">Name</label>
<div class="prefixed"><span class="prefix" aria-hidden="true">${host}/</span><input id="slug" name="slug" value="${values.slug ?? ''}" placeholder="chosen for you" spellcheck="false" autocapitalize="off" maxlength="64" pattern="${SLUG_INPUT_PATTERN}" title="3 to 64 letters, digits, _ or -" aria-describedby="slug-status"></div>
<p id="slug-status" class="status small" role="status"></p>
</div>
<div class="field field-ends">
<label for="ends">Ends</label>
!${renderExpirySelect(site, values.expiresIn)}
<input id="ends-at" class="ends-at" type="datetime-local" aria-label="Ends at" hidden>
<p id="ends-status" class="status small" role="status"></p>
</div>
</div>
<details class="more"!${values.title || values.language || values.visibility || values.burnAfterReading ? ' open' : ''}>
<summary>More: title, language, who sees it, read once</summary>
<div class="fields">
!${renderDetailFields(values)}
<div class="field"><span class="label" id="burn-label" aria-hidden="true">Readings</span><label class="check"><input type="checkbox" id="burn" name="burnAfterReading" value="true"!${values.burnAfterReading ? ' checked' : ''}> Read once, then gone</label></div>
</div>
</details>
<div class="post">
<div id="upload" class="upload" role="group" aria-label="Upload" tabindex="-1" hidden>
<progress id="progress" max="1" value="0" aria-label="Upload"></progress>
<p class="upload-line"><span id="upload-words" class="small"></span><button type="button" id="cancel" class="quiet">Cancel</button></p>
</div>
<button id="post" class="primary" type="submit"><span id="post-label">Post</span><kbd class="scripted" aria-hidden="true">Ctrl ⏎</kbd></button>
</div>
</form>
<section id="result" class="result" aria-labelledby="result-title" tabindex="-1" hidden></section>
</main>
!${renderShortcuts()}`,
  })
}

function renderExpirySelect(site: Site, chosen: string | undefined): string {
  const choices = expiryChoices(site.limits)
  const known = choices.some(({ value }) => value === chosen)
  const options = choices.map(
    (choice) =>
      html`<option value="${choice.value}"!${(known ? choice.value === chosen : choice.chosen) ? ' selected' : ''}>${choice.label}</option>`,
  )
  return html`<select id="ends" name="expiresIn" aria-describedby="ends-status">!${options}</select>`
}

/** Title, language and visibility, the same for a new paste and for an edit. */
export function renderDetailFields(values: FormValues): string {
  const visibilities = [
    ['unlisted', 'anybody with the address'],
    ['public', 'everybody; listed under Recent'],
    ['private', 'whoever has a long, unguessable address'],
  ] as const
  return html`<div class="field"><label for="title">Title</label><input id="title" name="title" maxlength="200" value="${values.title ?? ''}"></div>
<div class="field"><label for="language">Language</label><select id="language" name="language"><option value="">detect</option>!${LANGUAGES.map(
    ({ name, label }) => html`<option value="${name}"!${name === values.language ? ' selected' : ''}>${label}</option>`,
  )}</select></div>
<div class="field"><label for="visibility">Who sees it</label><select id="visibility" name="visibility">!${visibilities.map(
    ([value, label]) =>
      html`<option value="${value}"!${value === values.visibility ? ' selected' : ''}>${label}</option>`,
  )}</select></div>`
}

function renderShortcuts(): string {
  const rows = [
    ['Ctrl ⏎', 'post (⌘ ⏎ on a Mac)'],
    ['Tab', 'indent in the text; Esc, then Tab leaves it'],
    ['Esc', 'close, or cancel an upload'],
    ['?', 'this list, outside of text'],
  ]
  return html`<dialog id="shortcuts" class="dialog" aria-labelledby="shortcuts-title"><h2 id="shortcuts-title">Keys</h2><dl class="keys">!${rows.map(
    ([key, words]) => html`<dt><kbd>${key ?? ''}</kbd></dt><dd>${words ?? ''}</dd>`,
  )}</dl>!${renderKeySwitch()}<form method="dialog"><button>Close</button></form></dialog>`
}
