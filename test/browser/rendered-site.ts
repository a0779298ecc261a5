import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { loadAssets } from '../../src/web/page/assets.ts'
import type { Site as PageSite } from '../../src/web/page/layout.ts'
import { pageSecurityHeaders } from '../../src/web/page/security-headers.ts'
import type { Site } from './site.ts'

/**
 * A server of pages that are given, with the real files and the real content policy: to look at pages of figures that
 * no service would have within a test. `render` gives a page's HTML, or undefined for what is not there.
 */
export async function startRenderedSite(render: (site: PageSite, url: URL) => string | undefined): Promise<Site> {
  const assets = loadAssets()
  let url = ''
  const limits = {
    maxPasteBytes: 1,
    minExpiryMs: 1,
    maxExpiryMs: null,
    defaultExpiryMs: null,
    create: 'anyone',
  } as const
  const site: PageSite = { brandName: 'Extended Pastebin', assets, publicUrl: () => url, base: '', limits }
  const server = createServer(async (request, response) => {
    const address = new URL(request.url ?? '/', url)
    const asset = assets.read(address.pathname.replace('/assets/', ''))
    const html = asset ? undefined : render(site, address)
    if (asset) response.setHeader('content-type', asset.mediaType).end(await asset.bytes('identity'))
    else if (html === undefined) response.writeHead(404).end()
    else {
      response.setHeader('content-type', 'text/html; charset=utf-8')
      for (const [name, value] of Object.entries(pageSecurityHeaders(url))) response.setHeader(name, value)
      response.end(html)
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url,
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
