import type { BrowserContextOptions } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { whenService } from '../services/index.ts'
import { numberedPaste, postBytes } from './large-paste.ts'
import { reader } from './reader.ts'
import { visitor } from './visitor.ts'

const { bytes: numbered, count: LINES, line: text } = numberedPaste()

whenService('chromium', () => {
  describe('a large paste elsewhere', () => {
    const me = visitor()
    const elsewhere = async (options: BrowserContextOptions, path: string) => {
      const context = await me.browser.newContext(options)
      const page = await context.newPage()
      await page.goto(me.site.url + path, { waitUntil: 'load' })
      return page
    }

    test('is read and searched in a window as wide as a phone', async () => {
      const path = await postBytes(me.site.url, numbered)
      const page = await elsewhere(
        { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
        `${path}#L20011`,
      )
      const phone = reader(() => page)
      await phone.sees(20_011, text(20_011))
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
      await page.fill('#find-text', 'line 19999 ')
      await page.getByText('1 of 1', { exact: true }).waitFor()
      const before = await phone.sees(19_999, text(19_999))
      // The first pixels of a swipe tell it from a tap.
      const moved = async () => before.y - ((await phone.seen()).find(({ number }) => number === 19_999)?.y ?? 0)
      await phone.swipeUp(120, async () => {
        await expect.poll(moved).toBeGreaterThan(90)
        expect(await moved()).toBeLessThanOrEqual(120)
      })
      await page.context().close()
    })

    test('without scripts there are pages of a thousand lines', async () => {
      const path = await postBytes(me.site.url, numbered)
      const page = await elsewhere({ javaScriptEnabled: false }, path)
      expect(await page.locator('.line').count()).toBe(1_000)
      await page.getByRole('link', { name: 'Next' }).click()
      expect(await page.locator('.line').first().textContent()).toBe(`${text(1_001)}\n`)
      await page.fill('#from', '12345')
      await page.getByRole('button', { name: 'Go' }).click()
      expect(await page.locator('.line').first().getAttribute('id')).toBe('L12345')
      await page.getByRole('link', { name: 'Last' }).click()
      expect(await page.locator('.line').last().textContent()).toBe(`${text(LINES)}\n`)
      await page.getByRole('link', { name: 'First' }).click()
      expect(page.url()).toBe(me.site.url + path)
      await page.context().close()
    })
  })
})
