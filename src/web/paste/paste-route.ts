import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Encoding, pickEncoding, wantsPage } from '../../http/index.ts'
import { type Paste, recordView, type Serving } from '../../paste/index.ts'
import { type Highlighter, languageOf } from '../highlight/index.ts'
import {
  type FreshPage,
  type PageCache,
  parseAddress,
  prepare,
  type ReadyPage,
  type Site,
  sendPage,
  type WebDeps,
} from '../page/index.ts'
import { renderPastePage } from './paste-page.ts'
import { chosenCharset, isShownWhole, type PasteAddress, viewPaste } from './paste-view.ts'
import { renderRevealPage } from './reveal-page.ts'
import { firstLine } from './viewer-page.ts'

/** What the page of a paste needs beside the room's own dependencies. */
export type PasteRouteDeps = {
  web: WebDeps
  site: Site
  pages: PageCache
  highlighter: Highlighter
  headers(): Record<string, string>
}

type SlugRequest = FastifyRequest<{
  Params: { slug: string }
  Querystring: { from?: string | string[]; charset?: string | string[]; as?: string | string[] }
}>

// "ends in 23 h" must not be much older than this.
const FRESH_MS = 10_000
const AS_SHELL: Serving = { as: 'inline', negotiated: true, via: 'shell' }

/**
 * `GET /:slug` and `/:slug.ext`: the page for a browser, the bytes for everything else, a redirection for a short link.
 * The usual case, a page that was made within the last 10 s, runs without waiting for anything.
 */
export function createPasteRoute(deps: PasteRouteDeps): (request: SlugRequest, reply: FastifyReply) => unknown {
  const { web, pages } = deps
  const { base } = deps.site
  return (request, reply) => {
    const address = addressOf(request, base)
    const { slug } = address
    const html = wantsPage(request.headers)
    const known = web.pastes.peek(slug)
    if (html && known?.kind === 'paste') {
      const encoding = pickEncoding(request.headers['accept-encoding'])
      const page = pages.peek(pageKey(known, address, encoding), web.clock.now())
      if (page) return sendView(request, reply, page, known)
    }
    return answer(request, reply, address, html, known)
  }

  async function answer(
    request: SlugRequest,
    reply: FastifyReply,
    address: Address,
    html: boolean,
    known: Paste | undefined,
  ): Promise<unknown> {
    const paste = known ?? (await web.pastes.find(address.slug))
    if (paste.kind === 'link') {
      const { text } = await web.pastes.firstLines(paste, 4_096)
      if (request.method === 'GET') recordView(web.events, html ? 'page' : 'shell', paste, request)
      return reply.headers({ ...deps.headers(), 'cache-control': 'private, no-cache' }).redirect(text, 302)
    }
    if (!html) {
      reply.header('vary', `Accept, Accept-Encoding`)
      return web.serveContent(request, reply, paste, AS_SHELL)
    }
    const encoding = pickEncoding(request.headers['accept-encoding'])
    if (paste.maxViews !== null) return revealPage(request, reply, paste)
    const page = await pages.make(pageKey(paste, address, encoding), encoding, () =>
      render(paste, { ...address, client: web.clientOf(request) }),
    )
    return sendView(request, reply, page, paste)
  }

  /** Further pages of a paste are no further views of it. */
  function sendView(request: SlugRequest, reply: FastifyReply, page: ReadyPage, paste: Paste): FastifyReply {
    sendPage(request, reply, page)
    const begins = request.method === 'GET' && request.query.from === undefined
    if (begins && reply.raw.statusCode === 200) recordView(web.events, 'page', paste, request)
    return reply
  }

  async function revealPage(request: SlugRequest, reply: FastifyReply, paste: Paste): Promise<unknown> {
    const page = await prepare(pickEncoding(request.headers['accept-encoding']), () => ({
      html: renderRevealPage(deps.site, paste, web.clock.now()),
      headers: { ...deps.headers(), 'cache-control': 'no-store', vary: 'Accept', 'x-robots-tag': 'noindex, nofollow' },
      staleAt: 0,
    }))
    return sendPage(request, reply, page)
  }

  async function render(paste: Paste, address: PasteAddress): Promise<FreshPage> {
    const view = await viewPaste(paste, address, { pastes: web.pastes, highlighter: deps.highlighter, base })
    const now = web.clock.now()
    return {
      html: renderPastePage(deps.site, paste, view, now),
      staleAt: Math.min(now + FRESH_MS, paste.expiresAt ?? Number.POSITIVE_INFINITY),
      headers: {
        ...deps.headers(),
        'cache-control': paste.visibility === 'private' ? 'no-store' : 'private, no-cache',
        vary: `Accept, Accept-Encoding`,
        ...(paste.visibility === 'public' ? {} : { 'x-robots-tag': 'noindex, nofollow' }),
      },
    }
  }
}

type Address = Omit<PasteAddress, 'client'> & { slug: string }

function addressOf({ params, query }: SlugRequest, base: string): Address {
  const { slug, ending } = parseAddress(params.slug)
  const [from, charset, as] = [query.from, query.charset, query.as].map((value) =>
    typeof value === 'string' ? value : undefined,
  )
  // An ending that names no language changes nothing: its page is the page without it.
  if (languageOf(ending) === undefined) return { path: `${base}/${slug}`, slug, from, charset, as }
  return { path: `${base}/${params.slug}`, slug, ending, from, charset, as }
}

function pageKey(paste: Paste, { ending, from, charset, as }: Address, encoding: Encoding): string {
  // Small pastes have one page only.
  const page = isShownWhole(paste, chosenCharset(paste, charset)) ? '' : firstLine(paste, from)
  return `${paste.slug}.${ending}.${paste.version}.${paste.createdAt}.${encoding}.${page}.${chosenCharset(paste, charset) ?? ''}${as === 'source' ? '.source' : ''}`
}
