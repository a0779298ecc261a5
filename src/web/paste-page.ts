import { html } from 'ghtml'
import type { Paste } from '../paste/index.ts'
import { ICONS } from './icons.ts'
import { languageLabel } from './languages.ts'
import { renderDocument, renderThemeSwitch, type Site } from './layout.ts'
import { countWords, endsWords, sizeWords } from './public/words.js'

/** The inside of a paste's page, see `paste-view.ts`. */
export type PasteView = {
  /** HTML of the content, or of what stands for it. */
  body: string
  /** The language it is shown in, if any. */
  language: string | null
  /** A sentence above the content, HTML; empty when all of it is shown. */
  notice: string
  /** Whether the reading that shows it ended the paste: there is nothing left to link to. */
  ended?: boolean
}

/** What a paste is called on its page: its title, else its file's name, else its slug. */
export function pasteName(paste: Pick<Paste, 'title' | 'fileName' | 'slug'>): string {
  return paste.title ?? paste.fileName ?? paste.slug
}

/** A paste's page: one line of facts and actions, then nothing but the content. */
export function renderPastePage(site: Site, paste: Paste, view: PasteView, now: number): string {
  const name = pasteName(paste)
  const { slug, content } = paste
  // What leads to the content again would need another reading.
  const counted = paste.maxViews !== null
  const link = (path: string, icon: string, label: string) =>
    html`<a class="button quiet" href="${path}">!${icon}<span>${label}</span></a>`
  return renderDocument(site, {
    title: name,
    kind: 'paste',
    indexed: paste.visibility === 'public',
    styles: ['bar.css', 'paste.css', 'code.css', 'syntax.css'],
    script: 'paste.js',
    body: html`<header class="bar">
<div class="bar-row">
<a class="home" href="/" aria-label="${site.brandName}: new paste" title="New paste">!${ICONS.mark}</a>
<h1 title="${name}">${name}</h1>
</div>
!${renderFacts(paste, view, now)}
<div class="actions">
<button type="button" class="quiet scripted wrap-switch" id="wrap" aria-pressed="false">!${ICONS.wrap}<span>Wrap</span></button>
<button type="button" class="quiet scripted" id="copy">!${ICONS.copy}<span aria-live="polite">Copy</span></button>
!${counted ? '' : html`!${link(`/raw/${slug}`, ICONS.raw, 'Raw')}!${link(`/download/${slug}`, ICONS.download, 'Download')}`}
!${renderMenu(slug, { counted, ended: view.ended === true })}!${renderThemeSwitch()}
</div>
</header>
<main id="main" data-slug="${slug}" data-lines="${content.lines}" data-size-bytes="${content.sizeBytes}"!${counted ? ' data-counted' : ''}>
!${view.notice === '' ? '' : `<p class="notice">${view.notice}</p>\n`}!${view.body}
</main>
!${renderGoTo(counted)}`,
  })
}

function renderFacts(paste: Paste, view: PasteView, now: number): string {
  const { content, expiresAt } = paste
  const kind = view.language === null ? content.mediaType.replace(/;.*/, '') : languageLabel(view.language)
  const lines = content.utf8 ? html`<span>${countWords(content.lines, 'line')}</span>` : ''
  const ends = endsWords(expiresAt, now)
  const iso = expiresAt === null ? '' : new Date(expiresAt).toISOString()
  const time =
    expiresAt === null
      ? html`<span>${ends}</span>`
      : html`<time datetime="${iso}" title="${iso.slice(0, 16).replace('T', ' ')} UTC">${ends}</time>`
  return html`<p class="facts"><span>${sizeWords(content.sizeBytes)}</span>!${lines}<span class="fact-kind">${kind}</span>!${time}</p>`
}

function renderMenu(slug: string, { counted, ended }: { counted: boolean; ended: boolean }): string {
  const links = html`<a class="narrow-only" href="/raw/${slug}">Raw</a>
<a class="narrow-only" href="/download/${slug}">Download</a>
<a href="/?from=${slug}">New from this</a>`
  const stays = html`<a href="/qr/${slug}" id="show-qr">QR code</a>
<a href="/mine#edit=${slug}" class="holder" hidden>Edit</a>
<button type="button" class="holder danger" id="delete" hidden>Delete</button>`
  return html`<details class="menu!${ended ? ' scripted' : ''}" id="menu"><summary class="button quiet icon-only" aria-label="More actions" title="More">!${ICONS.more}</summary>
<div class="menu-list">
!${counted ? '' : links}
!${ended ? '' : stays}
<button type="button" class="scripted" id="keys">Keys</button>
</div></details>`
}

function renderGoTo(counted: boolean): string {
  const link = '<button type="button" id="copy-link">Copy link</button>'
  return html`<div class="bubble" id="bubble" role="group" aria-label="Selected lines" hidden><button type="button" id="copy-lines">Copy lines</button>!${counted ? '' : link}</div>
<dialog id="go-to" class="dialog"><form method="dialog"><label for="go-to-lines">Line, or lines such as 10-20</label><input id="go-to-lines" inputmode="numeric" autocomplete="off" pattern="\s*\d+(\s*-\s*\d+)?\s*"><button class="primary">Go</button></form></dialog>
<dialog id="shortcuts" class="dialog" aria-labelledby="shortcuts-title"><h2 id="shortcuts-title">Keys</h2><dl class="keys"><dt><kbd>g</kbd></dt><dd>go to a line, or select lines</dd><dt><kbd>Shift ↑</kbd> <kbd>Shift ↓</kbd></dt><dd>grow or shrink the selected lines</dd><dt><kbd>c</kbd></dt><dd>copy the selected lines, or all</dd><dt><kbd>w</kbd></dt><dd>wrap long lines</dd>!${counted ? '' : '<dt><kbd>r</kbd></dt><dd>raw</dd>'}<dt><kbd>n</kbd></dt><dd>new paste</dd><dt><kbd>Esc</kbd></dt><dd>select nothing, close</dd><dt><kbd>?</kbd></dt><dd>this list</dd></dl><form method="dialog"><button>Close</button></form></dialog>
<dialog id="qr" class="dialog" aria-label="QR code"><form method="dialog"><button>Close</button></form></dialog>
<p id="announce" class="unseen" role="status"></p>`
}
