import type { FastifyReply, FastifyRequest } from 'fastify'
import { html } from 'ghtml'

import { charsetOf } from '../../content/index.ts'
import { AppError, inBackground } from '../../core/index.ts'

import { pickEncoding } from '../../http/index.ts'
import type { Paste } from '../../paste/index.ts'
import type { Highlighter } from '../highlight/index.ts'
import { prepare, renderDocument, renderHeader, type Site, sendPage, type WebDeps } from '../page/index.ts'
import { countWords, endsWords, roughSizeWords } from '../shared/words.js'
import { pasteName, renderPastePage } from './paste-page.ts'
import { isShownWhole, viewPaste } from './paste-view.ts'

type SlugRequest = FastifyRequest<{ Params: { slug: string } }>

/** What stands at the address of a paste whose readings are counted: what it is, what opening does, one button. */
export function renderRevealPage(site: Site, paste: Paste, now: number): string {
  const { slug, content, maxViews } = paste
  const left = (maxViews ?? 1) - paste.views
  // Size and lines as they are would help to guess what it holds without a reading.
  const facts = `${charsetOf(content) !== undefined ? 'Text' : content.mediaType}, ${roughSizeWords(content.sizeBytes)}`
  const shown = isShownWhole(paste)
  const act = shown ? 'Opening' : 'Downloading'
  const often = maxViews === 1 ? 'once' : left === 1 ? 'one more time' : countWords(left, 'more time')
  const used = left === 1 ? 'that up, for you and for everybody else' : 'one of them up'
  const saved = `Your browser is saving it.${left === 1 ? ' It can’t be downloaded again.' : ''}`
  return renderDocument(site, {
    title: pasteName(paste),
    script: 'reveal.js',
    body: html`!${renderHeader(site, '')}
<main id="main" class="page narrow">
<h1>${pasteName(paste)}</h1>
<p class="muted">${facts} · ${endsWords(paste.expiresAt, now)}</p>
<p>It can be read ${often}. ${act} it uses ${used}.</p>
<form id="reveal" method="post" action="${site.base}/reveal/${slug}"!${shown ? '' : html` data-saved="${saved}"`}><button class="primary" id="open">${shown ? 'Open' : 'Download'}</button></form>
<p id="open-status" class="status" role="status"></p>
</main>`,
  })
}

/**
 * `POST /reveal/:slug`: takes a reading and shows it; what no page shows whole is saved as a file instead: the rest
 * of it could not be asked for again. Throws
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
    if (!isShownWhole(paste)) {
      await web.sendClaimed(reply, claimed, 'attachment')
      web.events.happened('claim', 'page', paste, request)
      return reply
    }
    const address = { path: `${site.base}/${paste.slug}`, client: web.clientOf(request) }
    const [view, bytes] = await Promise.all([
      viewPaste(paste, address, { pastes: web.pastes, highlighter, base: site.base }),
      web.pastes.bytes(paste),
    ]).catch(async (error) => {
      await claimed.release()
      throw error
    })
    inBackground(claimed.keep)
    web.events.happened('claim', 'page', paste, request)
    const last = paste.views >= (paste.maxViews ?? 1)
    const notice = last
      ? 'This was the last reading: save or copy what you need, this page can’t be loaded again.'
      : 'Loading this page again takes another reading.'
    const page = await prepare(pickEncoding(request.headers['accept-encoding']), () => ({
      html: renderPastePage(site, paste, { ...view, bytes, notice, ended: last }, web.clock.now()),
      headers: { ...deps.headers(), 'cache-control': 'no-store', 'x-robots-tag': 'noindex, nofollow' },
      staleAt: 0,
    }))
    return sendPage(request, reply, page)
  }
}
