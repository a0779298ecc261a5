import type { FastifyReply, FastifyRequest } from 'fastify'
import { html } from 'ghtml'
import { AppError, pickEncoding } from '../core/index.ts'
import type { Paste } from '../paste/index.ts'
import type { WebDeps } from './deps.ts'
import type { Highlighter } from './highlighter.ts'
import { renderDocument, renderHeader, type Site } from './layout.ts'
import { prepare, sendPage } from './page-cache.ts'
import { pasteName, renderPastePage } from './paste-page.ts'
import { viewPaste } from './paste-view.ts'
import { countWords, endsWords, sizeWords } from './public/words.js'

const SHOWN_BYTES = 1024 * 1024

type SlugRequest = FastifyRequest<{ Params: { slug: string } }>

/** What stands at the address of a paste whose readings are counted: what it is, what opening does, one button. */
export function renderRevealPage(site: Site, paste: Paste, now: number): string {
  const { slug, content, maxViews } = paste
  const left = (maxViews ?? 1) - paste.views
  const facts = `${sizeWords(content.sizeBytes)}, ${content.utf8 ? countWords(content.lines, 'line') : content.mediaType}`
  const words =
    maxViews === 1
      ? 'It can be read once. Opening it uses that up, for you and for everybody else.'
      : `It can be read ${countWords(left, 'more time')}. Opening it uses one of them up.`
  return renderDocument(site, {
    title: pasteName(paste),
    script: 'page.js',
    body: html`!${renderHeader(site.brandName, '')}
<main id="main" class="page narrow">
<h1>${pasteName(paste)}</h1>
<p class="muted">${facts} · ${endsWords(paste.expiresAt, now)}</p>
<p>${words}</p>
<form method="post" action="/reveal/${slug}"><button class="primary">Open</button></form>
</main>`,
  })
}

/**
 * `POST /reveal/:slug`: takes a reading and shows it; what is no text of at most 1 MiB is saved instead. Throws
 * `csrf` when another site's page sent it, `burned` when somebody else was first.
 */
export function createReveal(deps: {
  web: WebDeps
  site: Site
  highlighter: Highlighter
  headers(): Record<string, string>
}): (request: SlugRequest, reply: FastifyReply) => Promise<unknown> {
  const { web, site, highlighter } = deps
  return async (request, reply) => {
    if (request.headers['sec-fetch-site'] === 'cross-site') throw new AppError('csrf')
    const claimed = await web.pastes.claim(request.params.slug)
    const { paste } = claimed
    if (!paste.content.utf8 || paste.content.sizeBytes > SHOWN_BYTES)
      return web.sendClaimed(reply, claimed, 'attachment')
    const view = await viewPaste(paste, undefined, { pastes: web.pastes, highlighter }).catch(async (error) => {
      await claimed.release()
      throw error
    })
    const last = paste.views >= (paste.maxViews ?? 1)
    const notice = last
      ? 'This was the last reading: copy what you need, this page can not be loaded again.'
      : 'Loading this page again takes another reading.'
    const page = await prepare(pickEncoding(request.headers['accept-encoding']), () => ({
      html: renderPastePage(site, paste, { ...view, notice }, web.clock.now()),
      headers: { ...deps.headers(), 'cache-control': 'no-store', 'x-robots-tag': 'noindex, nofollow' },
      staleAt: 0,
    }))
    return sendPage(request, reply, page)
  }
}
