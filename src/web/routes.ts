import type { FastifyInstance, FastifyReply, FastifyRequest, onRequestHookHandler } from 'fastify'
import { renderSVG } from 'uqr'
import { AppError } from '../core/index.ts'
import { pickEncoding } from '../http/index.ts'
import { dashboardRoutes } from './dashboards/index.ts'
import { createFormPost, prefillFrom, renderFormPage } from './form/index.ts'
import { createHighlighter } from './highlight/index.ts'
import {
  createPageCache,
  loadAssets,
  pageSecurityHeaders,
  parseAddress,
  prepare,
  type Site,
  sendPage,
  type WebDeps,
} from './page/index.ts'
import { renderApiPage, renderHelpPage, renderMinePage, renderRecentPage } from './pages/index.ts'
import { createPasteRoute, createReveal } from './paste/index.ts'

const PAGE_CACHE_BYTES = 32 * 1024 * 1024
const RECENT_LIMIT = 50
const ASSET_POLICY = "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"

type SlugRequest = FastifyRequest<{ Params: { slug: string } }>
type CursorRequest = FastifyRequest<{ Querystring: { cursor?: string } }>
type FromRequest = FastifyRequest<{ Querystring: { from?: string } }>
type FileRequest = FastifyRequest<{ Params: { file: string } }>
// Fastify checks a route's types by its generic arguments; here each handler names its own request.
// biome-ignore lint/suspicious/noExplicitAny: a handler of any request type, called with the request of its own route
type Handler = (request: any, reply: FastifyReply) => unknown

/**
 * Adds the pages for people to the server: the form, a paste's page, its QR code and download, help, lists, figures, the page
 * to try the API, the post without scripts, and the static files under content-hashed names.
 */
export function webRoutes(app: FastifyInstance, deps: WebDeps): void {
  const { pastes, clock, publicUrl, base, brandName, limits, guards } = deps
  const assets = loadAssets(base)
  const site: Site = { brandName, assets, publicUrl, base, limits }
  const pages = createPageCache(PAGE_CACHE_BYTES)
  const highlighter = createHighlighter(deps.logger)
  const headers = () => pageSecurityHeaders(publicUrl())
  const route = (method: string[], url: string, onRequest: onRequestHookHandler[], handler: Handler) =>
    app.route({ method, url, onRequest, handler })
  const get = (url: string, handler: Handler) => route(['GET', 'HEAD'], url, [], handler)
  const read = (url: string, handler: Handler) => route(['GET', 'HEAD'], url, guards.read, handler)
  const lookUp = (url: string, handler: Handler) => route(['GET', 'HEAD'], url, guards.lookup, handler)
  app.addHook('onClose', () => highlighter.close())

  const sendCachedPage = (render: (site: Site) => string) => async (request: FastifyRequest, reply: FastifyReply) => {
    const encoding = pickEncoding(request.headers['accept-encoding'])
    // The address is only known for sure once the server listens.
    const key = `${render.name} ${publicUrl()} ${encoding}`
    const page =
      pages.peek(key, 0) ??
      (await pages.make(key, encoding, () => ({
        html: render(site),
        headers: { ...headers(), 'cache-control': 'private, no-cache', vary: 'Accept-Encoding' },
        staleAt: Number.POSITIVE_INFINITY,
      })))
    return sendPage(request, reply, page)
  }

  const sendFreshPage = async (
    request: FastifyRequest,
    reply: FastifyReply,
    html: string,
    kept = 'private, no-cache',
  ) => {
    const page = await prepare(pickEncoding(request.headers['accept-encoding']), () => ({
      html,
      headers: { ...headers(), 'cache-control': kept, vary: 'Accept, Accept-Encoding' },
      staleAt: 0,
    }))
    return sendPage(request, reply, page)
  }

  const emptyForm = sendCachedPage(renderFormPage)
  read('/', async (request: FromRequest, reply) => {
    const other = request.raw.url === '/' ? undefined : deps.otherHome?.(request, reply)
    if (other !== undefined) return other
    const { from } = request.query
    if (typeof from !== 'string') return emptyForm(request, reply)
    const refused = guards.overMisses(request, reply)
    if (refused) throw refused
    const paste = await pastes.find(parseAddress(from).slug)
    const kept = paste.visibility === 'private' ? 'no-store' : undefined
    return sendFreshPage(
      request,
      reply,
      renderFormPage(site, await prefillFrom(paste, deps.clientOf(request), { pastes, highlighter })),
      kept,
    )
  })
  get('/help', sendCachedPage(renderHelpPage))
  get('/mine', sendCachedPage(renderMinePage))
  get('/api/docs', sendCachedPage(renderApiPage))
  if (deps.dashboards)
    dashboardRoutes((url, onRequest, handler) => route(['GET', 'HEAD'], url, onRequest, handler), {
      dashboards: deps.dashboards,
      site,
      clock,
      guards,
      send: (request, reply, html) => sendFreshPage(request, reply, html, 'no-store'),
    })
  read('/recent', async (request: CursorRequest, reply) => {
    const list = await pastes.recent(RECENT_LIMIT, request.query.cursor)
    return sendFreshPage(request, reply, renderRecentPage(site, list, clock.now()))
  })
  // Where a revealed page is asked for by its address: back to the button, or to the word that it is gone.
  get('/reveal/:slug', (request: SlugRequest, reply) => {
    const { slug } = parseAddress(request.params.slug)
    return reply.headers({ ...headers(), 'cache-control': 'no-store' }).redirect(`${base}/${slug}`, 303)
  })
  route(['POST'], '/reveal/:slug', guards.lookup, createReveal({ web: deps, site, highlighter, headers }))
  route(['POST'], '/form', guards.create, createFormPost({ ...deps, site, headers }))

  // People add a slash to an address, and so do programs that join addresses.
  for (const url of ['/:slug', '/:slug/'])
    lookUp(url, createPasteRoute({ web: deps, site, pages, highlighter, headers }))
  lookUp('/qr/:slug', async (request: SlugRequest, reply) => {
    const { slug } = await pastes.find(parseAddress(request.params.slug).slug)
    const svg = renderSVG(`${publicUrl()}/${slug}`, { ecc: 'M', border: 2 })
    return reply
      .headers({ ...headers(), 'cache-control': 'private, no-cache' })
      .type('image/svg+xml')
      .send(svg)
  })

  get('/assets/:file', async (request: FileRequest, reply) => {
    const asset = assets.read(request.params.file)
    if (!asset) throw new AppError('not_found')
    const encoding = pickEncoding(request.headers['accept-encoding'])
    if (encoding !== 'identity') reply.header('content-encoding', encoding)
    return reply
      .headers({
        'cache-control': 'public, max-age=31536000, immutable',
        'x-content-type-options': 'nosniff',
        // A worker is bound by the policy of its own file.
        'content-security-policy': ASSET_POLICY,
        'cross-origin-resource-policy': 'same-origin',
        vary: 'Accept-Encoding',
      })
      .type(asset.mediaType)
      .send(await asset.bytes(encoding))
  })
  // Browsers ask for the second one by themselves.
  for (const url of ['/favicon.svg', '/favicon.ico'])
    get(url, async (_request: FastifyRequest, reply) =>
      reply
        .headers({
          'cache-control': 'public, max-age=86400',
          'x-content-type-options': 'nosniff',
          'content-security-policy': ASSET_POLICY,
        })
        .type('image/svg+xml')
        .send(await assets.read(assets.path('favicon.svg').slice(`${base}/assets/`.length))?.bytes('identity')),
    )
  get('/robots.txt', async (_request: FastifyRequest, reply) =>
    reply
      .header('cache-control', 'public, max-age=86400')
      .type('text/plain; charset=utf-8')
      // Pastes are for those who have the address; only the pages about the service are for everybody.
      .send('User-agent: *\nAllow: /$\nAllow: /help\nAllow: /assets/\nAllow: /api/docs\nDisallow: /\n'),
  )
}
