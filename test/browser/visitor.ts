import { randomBytes } from 'node:crypto'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest'
import { patiently } from '../patience.ts'
import { launchBrowser } from '../services/index.ts'
import { type Site, startSite } from './site.ts'

/** Somebody with a browser in front of the real service; `page` and `context` are new for each test. */
export type Visitor = {
  browser: Browser
  site: Site
  context: BrowserContext
  page: Page
  /** Goes to a path of the service. */
  open(path: string): Promise<unknown>
  /** Posts text by the form and gives the address that it was told. */
  post(text: string, name?: string): Promise<string>
  /** What `/raw/:slug` answers to a program. */
  raw(slug: string): Promise<Response>
  clipboard(): Promise<string>
  /** The id of the element that has the focus, or its words. */
  focused(): Promise<string>
}

/**
 * Gives each test of the suite a visitor of a service, embedded unless `start` says otherwise. A test fails when its
 * pages threw, or broke their content policy.
 */
export function visitor(start: () => Promise<Site> = startSite): Visitor {
  let complaints: string[] = []
  const self = {
    open: (path) => self.page.goto(self.site.url + path, { waitUntil: 'load' }),
    async post(text, name = '') {
      await self.open('/')
      await self.page.fill('#content', text)
      if (name !== '') await self.page.fill('#slug', name)
      await self.page.click('#post')
      return self.page.inputValue('.address-field')
    },
    raw: (slug) => fetch(`${self.site.url}/raw/${slug}`),
    clipboard: () => self.page.evaluate(() => navigator.clipboard.readText()),
    focused: () => self.page.evaluate(() => document.activeElement?.id || document.activeElement?.textContent || ''),
  } as Visitor

  beforeAll(async () => {
    ;[self.browser, self.site] = await Promise.all([launchBrowser(), start()])
    // The first page of all, whatever it answers, waits for a browser that is still starting: seconds, on a busy machine.
    const first = await self.browser.newPage()
    await first.goto(self.site.url).catch(() => {})
    await first.close()
  }, patiently(60_000))
  afterAll(async () => {
    await self.browser.close()
    await self.site.stop()
  })
  beforeEach(async () => {
    complaints = []
    self.context = await self.browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'] })
    self.context.setDefaultTimeout(patiently(30_000))
    self.page = await self.context.newPage()
    self.page.on('pageerror', (error) => complaints.push(error.message))
    self.page.on('console', (message) => {
      if (/Content.Security.Policy|TrustedHTML|TrustedScript/i.test(message.text())) complaints.push(message.text())
    })
  })
  afterEach(async () => {
    await self.context.close()
    expect(complaints).toEqual([])
  })
  return self
}

/** A name that no other test takes. */
export function uniqueName(): string {
  return `n-${randomBytes(5).toString('hex')}`
}
