import { html } from 'ghtml'
import { loadAssets, type PageSite, renderDocument, renderHeader } from '../page/index.ts'

/** The fields of a problem document (RFC 9457) that matter to people. */
export type PageProblem = { status: number; code: string; title: string; detail: string; requestId: string }

const HEADINGS: Record<string, string> = {
  not_found: 'There is nothing here',
  expired: 'This paste has ended',
  deleted: 'This paste was deleted',
  burned: 'This paste was read and is gone',
  burn_requires_post: 'Reading this paste uses it up',
  rate_limited: 'That was a lot at once',
  csrf: 'This form came from another site',
}

// For codes whose detail is missing, or speaks to programs.
const SENTENCES: Record<string, string> = {
  not_found: 'The address may be mistyped, or the paste never existed. Names tell capital and small letters apart.',
  expired: 'Its time was up, and its content has been removed.',
  deleted: 'Whoever holds its edit token deleted it.',
  burned: 'Its readings were counted, and the last one has happened.',
  burn_requires_post: 'It opens only by the button on its own page: leave “raw/” or “download/” out of the address.',
  csrf: 'To keep others from posting in your name, posts are taken only from this site’s own pages.',
}

const FOR_PROGRAMS = new Set(['not_found', 'burn_requires_post'])

/**
 * Makes the pages that browsers get for errors. Reads their assets now: an error page must not depend on anything that
 * can fail later. `base` is the path below which the service lives.
 */
export function createProblemPages(brandName: string, base: string): (problem: PageProblem) => string {
  const site = { brandName, base, assets: loadAssets(base) }
  return (problem) => renderProblemPage(problem, site)
}

/** The page that a browser gets for an error: what happened, why, and what to do now. */
export function renderProblemPage(problem: PageProblem, site: PageSite): string {
  const heading = HEADINGS[problem.code] ?? problem.title
  const hasReason = problem.detail !== problem.title && !FOR_PROGRAMS.has(problem.code)
  const sentence = hasReason ? problem.detail : (SENTENCES[problem.code] ?? '')
  const again = problem.status === 429 || problem.status >= 500
  return renderDocument(site, {
    title: heading,
    script: 'page.js',
    body: html`!${renderHeader(site, '')}
<main id="main" class="page narrow problem">
<h1>${heading}</h1>
<p>${sentence}!${again ? ' Wait a moment, then load the page again.' : ''}</p>
<p><a class="button primary" href="${site.base}/">New paste</a></p>
<p class="small muted">${problem.status} <code>${problem.code}</code>!${problem.requestId === '' ? '' : html` · request <code>${problem.requestId}</code>`}</p>
</main>`,
  })
}
