import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Site, startSite } from '../browser/site.ts'

const BROWSER = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }
const TEXT = 'def hello():\n    return "<b>"\n'

describe('the pages over HTTP', () => {
  let site: Site
  beforeAll(async () => {
    site = await startSite()
  })
  afterAll(() => site.stop())

  const get = (path: string, headers: Record<string, string> = BROWSER, init: RequestInit = {}) =>
    fetch(site.url + path, { headers, redirect: 'manual', ...init })
  const create = async (query: string) => {
    const headers = { 'content-type': 'text/plain' }
    const answer = await fetch(`${site.url}/api/v1/pastes?${query}`, { method: 'POST', headers, body: TEXT })
    return (await answer.json()) as { slug: string; editToken: string }
  }

  test('one address is a page for a browser and the bytes for everything else', async () => {
    const { slug } = await create('')
    const page = await get(`/${slug}`)
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(page.headers.get('vary')).toContain('Accept')
    const bytes = await get(`/${slug}`, { accept: '*/*' })
    expect(bytes.headers.get('vary')).toContain('Accept')
    expect(await bytes.text()).toBe(TEXT)
  })
  test('the ending of the address is the language', async () => {
    const { slug } = await create('')
    expect(await (await get(`/${slug}.py`)).text()).toContain('data-language="python"')
    expect(await (await get(`/${slug}.txt`)).text()).not.toContain('hljs-')
    expect(await (await get(`/${slug}.py`, { accept: '*/*' })).text()).toBe(TEXT)
  })
  test('a page that was seen answers 304, and changes with the paste', async () => {
    const { slug, editToken } = await create('')
    const etag = (await get(`/${slug}`)).headers.get('etag') ?? ''
    expect((await get(`/${slug}`, { ...BROWSER, 'if-none-match': etag })).status).toBe(304)
    const authorization = `Bearer ${editToken}`
    await fetch(`${site.url}/api/v1/pastes/${slug}/content`, {
      method: 'PUT',
      headers: { authorization },
      body: 'new\n',
    })
    const changed = await get(`/${slug}`, { ...BROWSER, 'if-none-match': etag })
    expect(changed.status).toBe(200)
    expect(await changed.text()).toContain('new\n')
  })
  test('HEAD gives the headers of GET without a body', async () => {
    const { slug } = await create('')
    for (const path of ['/', '/help', `/${slug}`, `/qr/${slug}`]) {
      const head = await get(path, BROWSER, { method: 'HEAD' })
      expect(head.status, path).toBe(200)
      expect(await head.text()).toBe('')
    }
  })
  test('a private paste is not kept and not indexed', async () => {
    const { slug } = await create('visibility=private')
    const page = await get(`/${slug}`)
    expect(page.headers.get('cache-control')).toBe('no-store')
    expect(page.headers.get('etag')).toBeNull()
    expect(page.headers.get('x-robots-tag')).toContain('noindex')
  })
  test('a short link leads to its target, browser or not', async () => {
    const headers = { 'content-type': 'application/json' }
    const body = JSON.stringify({ url: 'https://example.com/a?b=c' })
    const answer = await fetch(`${site.url}/api/v1/links`, { method: 'POST', headers, body })
    const { slug } = (await answer.json()) as { slug: string }
    for (const accept of [BROWSER, { accept: '*/*' }]) {
      const redirection = await get(`/${slug}`, accept)
      expect(redirection.status).toBe(302)
      expect(redirection.headers.get('location')).toBe('https://example.com/a?b=c')
    }
  })
  test('a paste that ended is gone, in words', async () => {
    const { slug, editToken } = await create('')
    await get(`/${slug}`)
    const authorization = `Bearer ${editToken}`
    await fetch(`${site.url}/api/v1/pastes/${slug}`, { method: 'DELETE', headers: { authorization } })
    const page = await get(`/${slug}`)
    expect(page.status).toBe(410)
    expect(await page.text()).toContain('This paste was deleted')
  })
  test('a form that another site sends is refused', async () => {
    const body = new URLSearchParams({ content: 'x' })
    const headers = { ...BROWSER, 'sec-fetch-site': 'cross-site' }
    const answer = await get('/form', headers, { method: 'POST', body })
    expect(answer.status).toBe(403)
    expect(await answer.text()).toContain('csrf')
  })
  test('what can be no slug is not found, whatever it holds', async () => {
    for (const path of [
      '/..%2f',
      '/a%00b',
      '/%3Cscript%3E',
      '/a.b.c',
      `/${'x'.repeat(65)}`,
      '/assets/base.css',
      '/qr/none-such',
    ])
      expect((await get(path)).status, path).toBe(404)
  })
  test('an asset may be kept for ever and comes compressed', async () => {
    const html = await (await get('/')).text()
    const path = /\/assets\/base[\w+-]*\.[\w-]+\.css/.exec(html)?.[0] ?? ''
    const asset = await get(path, { 'accept-encoding': 'br' })
    expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    expect(asset.headers.get('content-encoding')).toBe('br')
    expect(await asset.text()).toContain('--accent')
  })
  test('a paste that opens thousands of marks has a page in proportion to it', async () => {
    const text = `${'`${'.repeat(3_000)}${'\n'.repeat(1_000)}1`
    const made = await fetch(`${site.url}/?language=javascript`, { method: 'POST', body: text })
    const page = await (await get(new URL((await made.text()).trim()).pathname)).text()
    expect(page).toContain('id="L1001"')
    expect(page.length).toBeLessThan(8 * text.length + 64 * 1024)
  })
  test('an ending that names no language leads to the same page', async () => {
    const { slug } = await create('')
    const etags = await Promise.all(
      [slug, `${slug}.anything`, `${slug}.else`].map(async (path) => (await get(`/${path}`)).headers.get('etag')),
    )
    expect(new Set(etags).size).toBe(1)
  })
  test('a paste can be the beginning of a new one', async () => {
    const { slug } = await create('language=python')
    const html = await (await get(`/?from=${slug}`)).text()
    expect(html).toContain('return "&lt;b&gt;"')
    expect(html).toContain('<option value="python" selected>')
  })
  test('what can be read once is not copied, and the form says why', async () => {
    const { slug } = await create('burnAfterReading=true&title=secret')
    const html = await (await get(`/?from=${slug}`)).text()
    expect(html).toContain(`/${slug} was not copied: its readings are counted`)
    expect(html).not.toContain('return')
    expect(html).not.toContain('value="secret"')
  })
  test('the address of an opened paste leads back to its page', async () => {
    const { slug } = await create('burnAfterReading=true')
    const answer = await get(`/reveal/${slug}`)
    expect([answer.status, answer.headers.get('location')]).toEqual([303, `/${slug}`])
    expect((await get('/reveal/..%2f')).status).toBe(404)
  })
  test('the bytes of what can be read once say to a browser where it opens', async () => {
    const { slug } = await create('burnAfterReading=true')
    const page = await get(`/raw/${slug}`)
    expect(page.status).toBe(405)
    expect(await page.text()).toContain('the button on its own page')
  })
})
