import { html } from 'ghtml'
import { charsetOf } from '../../content/index.ts'
import type { Paste } from '../../paste/index.ts'
import { languageLabel, type Rendered, TERMINAL } from '../highlight/index.ts'
import { ICONS, renderDocument, renderThemeSwitch, type Site } from '../page/index.ts'
import { countWords, endsWords, sizeWords } from '../shared/words.js'
import { renderDialogs } from './paste-dialogs.ts'
import { type PageWindow, renderViewerFooter } from './viewer-footer.ts'

const WITHOUT_COLOURS = 'Shown without colours: they would take too long.'

/** The inside of a paste's page, see `paste-view.ts`. */
export type PasteView = {
  /** HTML of the content, or of what stands for it. */
  body: string
  /** The language it is shown in, if any. */
  language: string | null
  /** A sentence above the content, HTML; empty when all of it is shown. */
  notice: string
  /** As what the bytes are read, HTML; empty or absent where that goes without saying. */
  reading?: string
  /** The charset to decode the bytes from, where that is not UTF-8, or not the one that the server finds. */
  charset?: string | undefined
  /** All bytes of a paste whose readings are counted: the page is all there is of it. */
  bytes?: Buffer
  /** Whether the reading that shows it ended the paste: there is nothing left to link to. */
  ended?: boolean
  /** Set for a large paste: the lines that the body holds. */
  window?: PageWindow
}

/** What a page shows of rendered text, and whether it lacks colours that it should have. */
export function viewOf({ html, language, givenUp }: Rendered): PasteView {
  return { body: html, language: language ?? 'plaintext', notice: givenUp ? WITHOUT_COLOURS : '' }
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
  const wrap = `<button type="button" class="quiet scripted wrap-switch" id="wrap" aria-pressed="false">${ICONS.wrap}<span>Wrap</span></button>`
  return renderDocument(site, {
    title: name,
    kind: view.window ? 'paste large' : 'paste',
    indexed: paste.visibility === 'public',
    styles: [
      'bar.css',
      'paste.css',
      'code.css',
      'syntax.css',
      ...(view.language === TERMINAL ? ['terminal.css'] : []),
      ...(view.window ? ['viewer.css', 'under.css'] : []),
    ],
    script: view.window ? 'viewer-page.js' : 'paste.js',
    body: html`<header class="bar">
<div class="bar-row">
<a class="home" href="${site.base}/" aria-label="${site.brandName}: new paste" title="New paste">!${ICONS.mark}</a>
<h1 title="${name}">${name}</h1>
</div>
!${renderFacts(paste, view, now)}
<div class="actions">
!${view.window ? '' : wrap}
<button type="button" class="quiet scripted" id="copy">!${ICONS.copy}<span aria-live="polite">Copy</span></button>
!${counted ? renderSave(paste, view) : html`!${link(`${site.base}/raw/${slug}`, ICONS.raw, 'Raw')}!${link(`${site.base}/download/${slug}`, ICONS.download, 'Download')}`}
!${renderMenu(site.base, slug, { counted, ended: view.ended === true })}!${renderThemeSwitch()}
</div>
</header>
<main id="main" data-slug="${slug}" data-lines="${content.lines}" data-size-bytes="${content.sizeBytes}"!${counted ? ' data-counted' : ''}!${view.language === TERMINAL ? ' data-terminal' : ''}!${view.charset ? html` data-charset="${view.charset}"` : ''}!${view.window ? renderOrigin(site, paste, view) : ''}>
!${renderNotices(view)}!${view.body}
</main>!${view.window ? `\n${renderViewerFooter(view.window)}` : ''}
!${renderDialogs({ counted, windowed: view.window !== undefined })}`,
  })
}

/** Saves the bytes that came with the page, without a request and without scripts. */
function renderSave({ fileName, slug }: Paste, { bytes }: PasteView): string {
  if (bytes === undefined) return ''
  const href = `data:application/octet-stream;base64,${bytes.toString('base64')}`
  return html`<a class="button quiet" id="save" download="${fileName ?? `${slug}.txt`}" href="${href}">!${ICONS.download}<span>Save</span></a>`
}

function renderNotices({ notice, reading = '' }: PasteView): string {
  return [
    notice && `<p class="notice">${notice}</p>\n`,
    reading && `<div class="reading-line">${reading}</div>\n`,
  ].join('')
}

/** What the viewer has to know of the content, and the files that colour it. */
function renderOrigin({ assets }: Site, { content }: Paste, { language }: PasteView): string {
  const files =
    language === null || language === 'plaintext' || language === TERMINAL ? undefined : assets.grammars(language)
  const worker = html` data-worker="${assets.path('colour-worker.js')}" data-grammars="${files?.join(' ')}"`
  return html` data-tag="${content.sha256.slice(0, 32)}"!${files ? worker : ''}`
}

function renderFacts(paste: Paste, view: PasteView, now: number): string {
  const { content, expiresAt } = paste
  const kind = view.language === null ? content.mediaType.replace(/;.*/, '') : languageLabel(view.language)
  const lines = charsetOf(content) !== undefined ? html`<span>${countWords(content.lines, 'line')}</span>` : ''
  const ends = endsWords(expiresAt, now)
  const iso = expiresAt === null ? '' : new Date(expiresAt).toISOString()
  const time =
    expiresAt === null
      ? html`<span>${ends}</span>`
      : html`<time datetime="${iso}" title="${iso.slice(0, 16).replace('T', ' ')} UTC">${ends}</time>`
  return html`<p class="facts"><span>${sizeWords(content.sizeBytes)}</span>!${lines}<span class="fact-kind">${kind}</span>!${time}</p>`
}

function renderMenu(base: string, slug: string, { counted, ended }: { counted: boolean; ended: boolean }): string {
  const links = html`<a class="narrow-only" href="${base}/raw/${slug}">Raw</a>
<a class="narrow-only" href="${base}/download/${slug}">Download</a>
<a href="${base}/?from=${slug}">New from this</a>`
  const stays = html`<a href="${base}/qr/${slug}" id="show-qr">QR code</a>
<a href="${base}/mine/${slug}" class="holder" hidden>Views</a>
<a href="${base}/mine#edit=${slug}" class="holder" hidden>Edit</a>
<button type="button" class="holder danger" id="delete" hidden>Delete</button>`
  return html`<details class="menu!${ended ? ' scripted' : ''}" id="menu"><summary class="button quiet icon-only" aria-label="More actions" title="More">!${ICONS.more}</summary>
<div class="menu-list">
!${counted ? '' : links}
!${ended ? '' : stays}
<button type="button" class="scripted" id="keys">Keys</button>
</div></details>`
}
