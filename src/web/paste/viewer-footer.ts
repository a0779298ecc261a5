import { html } from 'ghtml'
import { ICONS } from '../page/index.ts'
import { numberWords } from '../shared/words.js'

/** Lines of a page without scripts, and of the first answer with them. */
export const PAGE_LINES = 1_000

/** Which lines of a large paste a page shows, and where the pages of the others are. */
export type PageWindow = {
  /** The page's own path, with the ending that names a language. */
  path: string
  /** What its query begins with: empty, or how the bytes are read, with `&` behind it. */
  asked: string
  first: number
  last: number
  total: number
}

/** The line under a large paste: with scripts finding, the position and wrapping; without, the other pages. */
export function renderViewerFooter(window: PageWindow): string {
  const { first, total } = window
  const position = `line ${numberWords(first)} of ${numberWords(total)}`
  return html`<footer class="under">
<p class="note" id="note" role="status" hidden></p>
!${renderPages(window)}
<form class="find scripted" id="find" role="search">
<input type="search" id="find-text" aria-label="Find in all lines" placeholder="Find in all lines" autocomplete="off" autocapitalize="off" spellcheck="false" enterkeyhint="search" maxlength="300">
<button type="button" class="quiet" id="find-case" aria-pressed="false" aria-label="Match capital and small letters" title="Match capital and small letters">Aa</button>
<span class="find-moves" id="find-moves" hidden><button type="button" class="quiet icon-only" id="find-previous" aria-label="Previous line found" title="Previous (N)">!${ICONS.up}</button><button type="button" class="quiet icon-only" id="find-next" aria-label="Next line found" title="Next (n)">!${ICONS.down}</button></span>
<span class="find-count" id="find-count" role="status"></span>
</form>
<p class="position scripted" id="position">${position}</p>
<button type="button" class="quiet scripted wrap-under" id="wrap" aria-pressed="false" aria-label="Wrap long lines" title="Wrap long lines (w)">!${ICONS.wrap}<span>Wrap</span></button>
</footer>`
}

function renderPages({ path, asked, first, last, total }: PageWindow): string {
  const link = (from: number, label: string, there: boolean, rel = '') =>
    there
      ? html`<a class="button quiet" href="${from === 1 && asked === '' ? path : `${path}?${asked}from=${from}`}"!${rel && ` rel="${rel}"`}>${label}</a>`
      : html`<span class="button quiet" aria-disabled="true">${label}</span>`
  const before = first > 1
  const after = last < total
  return html`<nav class="pages unscripted" aria-label="Pages">
!${link(1, 'First', before)}!${link(Math.max(1, first - PAGE_LINES), 'Previous', before, 'prev')}
<span class="muted">lines ${numberWords(first)}–${numberWords(last)} of ${numberWords(total)}</span>
!${link(last + 1, 'Next', after, 'next')}!${link(Math.max(1, total - PAGE_LINES + 1), 'Last', after)}
<form action="${path}" method="get">!${hiddenFields(asked)}<label for="from">Go to line</label><input id="from" name="from" inputmode="numeric" pattern="\d*" autocomplete="off" required><button>Go</button></form>
</nav>`
}

function hiddenFields(asked: string): string {
  const fields = [...new URLSearchParams(asked)]
  return fields.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`).join('')
}
