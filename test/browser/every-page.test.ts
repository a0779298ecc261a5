import type { BrowserContextOptions, Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { whenService } from '../services/index.ts'
import { visitor } from './visitor.ts'

const PHONE = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true }

whenService('chromium', () => {
  describe('every page', () => {
    const me = visitor()
    const create = async (options: string, body: string | Uint8Array<ArrayBuffer>, type = 'text/plain') => {
      const headers = { 'content-type': type }
      const answer = await fetch(`${me.site.url}/api/v1/pastes?${options}`, { method: 'POST', headers, body })
      return `/${((await answer.json()) as { slug: string }).slug}`
    }
    const paths = async () => [
      ...['/', '/help', '/mine', '/mine/a-paste', '/recent', '/api/docs', '/none-such'],
      ...['/performance', '/performance?range=30d', '/performance/runs', '/stats'],
      await create('title=long', `${'long '.repeat(200)}\n`),
      await create('visibility=public&language=typescript', 'const a = 1\n'),
      await create('', '2026-11-22T10:00:00Z INFO line\n'.repeat(40_000)),
      await create('fileName=a.bin', new Uint8Array([0, 255, 1]), 'application/octet-stream'),
      await create('fileName=a.svg', '<svg xmlns="http://www.w3.org/2000/svg"/>', 'image/svg+xml'),
      await create('burnAfterReading=true', 'secret'),
      `/?from=${(await create('burnAfterReading=true', 'secret')).slice(1)}`,
    ]
    const visitAll = async (options: BrowserContextOptions, look: (page: Page, path: string) => Promise<void>) => {
      const context = await me.browser.newContext(options)
      const page = await context.newPage()
      const complaints: string[] = []
      page.on('pageerror', (error) => complaints.push(`${page.url()}: ${error.message}`))
      page.on('console', (message) => {
        // That an address answers 4xx is told to the console as well.
        if (message.type() === 'error' && !/status of 4\d\d/.test(message.text())) complaints.push(message.text())
      })
      for (const path of await paths()) {
        await page.goto(me.site.url + path, { waitUntil: 'load' })
        await look(page, path)
      }
      await context.close()
      expect(complaints).toEqual([])
    }

    test('keeps its content policy and throws nothing', () =>
      visitAll({}, async (page, path) => {
        expect(await page.locator('main').count(), path).toBe(1)
      }))

    test('on a phone scrolls in one direction only, and its buttons are large enough', () =>
      visitAll(PHONE, async (page, path) => {
        expect(await page.evaluate(() => document.documentElement.scrollWidth), path).toBeLessThanOrEqual(360)
        const heights = await page
          .locator('button:visible, .button:visible')
          .evaluateAll((all) => all.map((one) => one.clientHeight))
        expect(Math.min(40, ...heights), path).toBeGreaterThanOrEqual(38)
      }))

    test('has one heading of the first rank, and a name for everything that can be pressed', () =>
      visitAll(PHONE, async (page, path) => {
        expect(await page.locator('h1').count(), path).toBe(1)
        for (const role of ['button', 'link', 'textbox', 'combobox', 'checkbox'] as const)
          expect(await page.getByRole(role, { name: /^$/ }).count(), `${role} without a name on ${path}`).toBe(0)
      }))
  })
})
