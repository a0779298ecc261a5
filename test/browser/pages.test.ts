import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { launchBrowser, whenService } from '../services/index.ts'
import { type Site, startSite } from './site.ts'

const MiB = 1024 * 1024
const TEXT = 'first\n\tsecond <b>\n\nfourth & last\n'

whenService('chromium', () => {
  describe('in a browser', () => {
    let browser: Browser
    let site: Site
    let context: BrowserContext
    let page: Page
    let complaints: string[]

    beforeAll(async () => {
      ;[browser, site] = await Promise.all([launchBrowser(), startSite()])
    })
    afterAll(async () => {
      await browser.close()
      await site.stop()
    })
    beforeEach(async () => {
      context = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'] })
      context.setDefaultTimeout(8_000)
      page = await context.newPage()
      complaints = []
      page.on('pageerror', (error) => complaints.push(error.message))
      page.on('console', (message) => {
        if (/Content.Security.Policy|TrustedHTML|TrustedScript/i.test(message.text())) complaints.push(message.text())
      })
    })
    afterEach(async () => {
      await context.close()
      expect(complaints).toEqual([])
    })

    const open = (path: string) => page.goto(site.url + path, { waitUntil: 'load' })
    const post = async (text: string, name = '') => {
      await open('/')
      await page.fill('#content', text)
      if (name !== '') await page.fill('#slug', name)
      await page.click('#post')
      return page.inputValue('.address-field')
    }
    const raw = (slug: string) => fetch(`${site.url}/raw/${slug}`)
    const clipboard = () => page.evaluate(() => navigator.clipboard.readText())
    const uniqueName = () => `n-${randomBytes(5).toString('hex')}`

    test('text that is posted can be opened and is the same', async () => {
      const url = await post(TEXT)
      expect(await page.evaluate(() => String(getSelection()))).toBe(url)
      await page.getByRole('link', { name: 'Open' }).click()
      await page.waitForSelector('#L4')
      await page.waitForLoadState('load')
      expect(await page.textContent('#code')).toBe(TEXT)
      await page.click('#copy')
      await page.getByText('Copied', { exact: true }).waitFor()
      expect(await clipboard()).toBe(TEXT)
    })

    test('text that is selected and copied by hand is the text', async () => {
      const url = await post(TEXT)
      await page.goto(url)
      await page.evaluate(() => getSelection()?.selectAllChildren(document.querySelector('#code code') as Element))
      await page.keyboard.press('Control+c')
      expect((await clipboard()).replace(/\n$/, '')).toBe(TEXT.replace(/\n$/, ''))
    })

    test('Ctrl+Enter posts, Tab indents, Esc and Tab leave', async () => {
      await open('/')
      await page.focus('#content')
      await page.keyboard.press('Tab')
      await page.keyboard.type('x')
      expect(await page.inputValue('#content')).toBe('\tx')
      await page.keyboard.press('Escape')
      await page.keyboard.press('Tab')
      expect(await page.evaluate(() => document.activeElement?.id)).not.toBe('content')
      await page.keyboard.press('Control+Enter')
      await page.waitForSelector('.address-field')
    })

    test('a file of 5 MiB goes up with progress and comes back byte for byte', async () => {
      const bytes = randomBytes(5 * MiB)
      await open('/')
      const control = await context.newCDPSession(page)
      await control.send('Network.enable')
      const slow = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: 4 * MiB }
      await page.setInputFiles('#choose', { name: 'noise.bin', mimeType: 'application/octet-stream', buffer: bytes })
      expect(await page.textContent('.chip')).toContain('5 MiB')
      await control.send('Network.emulateNetworkConditions', slow)
      await page.click('#post')
      await page.getByText(/ of 5 MiB · .*\/s · .* left/).waitFor()
      const url = await page.inputValue('.address-field')
      const answer = await raw(url.slice(site.url.length + 1))
      expect(Buffer.from(await answer.arrayBuffer()).equals(bytes)).toBe(true)
      expect(answer.headers.get('content-disposition')).toContain('noise.bin')
    })

    test('a dropped file becomes a chip, a small text fills the form', async () => {
      await open('/')
      const drop = (name: string, content: string) =>
        page.evaluate(
          ([fileName, text]) => {
            const dataTransfer = new DataTransfer()
            dataTransfer.items.add(new File([text ?? ''], fileName ?? ''))
            dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }))
          },
          [name, content],
        )
      await drop('notes.py', 'print(1)\n')
      await expect.poll(() => page.inputValue('#content')).toBe('print(1)\n')
      await drop('other.txt', 'second')
      await page.waitForSelector('.chip')
      expect(await page.textContent('#post-label')).toBe('Post 2 pastes')
      await page.click('#post')
      await page.getByRole('heading', { name: 'Posted 2 pastes' }).waitFor()
    })

    test('an upload that is cancelled leaves nothing behind', async () => {
      const name = uniqueName()
      await open('/')
      const control = await context.newCDPSession(page)
      await control.send('Network.enable')
      await page.setInputFiles('#choose', {
        name: 'a.bin',
        mimeType: 'application/octet-stream',
        buffer: randomBytes(8 * MiB),
      })
      await page.fill('#slug', name)
      await page.getByText('✓ free').waitFor()
      const slow = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: MiB }
      await control.send('Network.emulateNetworkConditions', slow)
      await page.click('#post')
      await page.getByText(/ of 8 MiB · /).waitFor()
      await page.click('#cancel')
      await page.getByText('Cancelled. Nothing was posted.').waitFor()
      await expect.poll(async () => (await raw(name)).status).toBe(404)
    })

    test('lines are selected by click, shift-click and address, and copied', async () => {
      const url = await post(TEXT)
      await page.goto(url, { waitUntil: 'load' })
      await page.click('#L2', { position: { x: 10, y: 10 } })
      await page.click('#L4', { position: { x: 10, y: 10 }, modifiers: ['Shift'] })
      expect(page.url()).toBe(`${url}#L2-L4`)
      await page.click('#copy-lines')
      await page.getByText('Copied', { exact: true }).waitFor()
      expect(await clipboard()).toBe('\tsecond <b>\n\nfourth & last\n')
      await page.reload()
      expect(await page.locator('.line.selected').count()).toBe(3)
      await page.keyboard.press('Escape')
      expect(page.url()).toBe(url)
    })

    test('lines are selected by keyboard alone', async () => {
      const url = await post(TEXT)
      await page.goto(url, { waitUntil: 'load' })
      await page.keyboard.press('g')
      await page.keyboard.type('2-3')
      await page.keyboard.press('Enter')
      await page.waitForURL(`${url}#L2-L3`)
      await page.keyboard.press('Shift+ArrowDown')
      expect(page.url()).toBe(`${url}#L2-L4`)
    })

    test('the holder of the token edits and deletes a paste', async () => {
      const url = await post(TEXT)
      await open('/mine')
      await page.getByRole('button', { name: 'Edit' }).click()
      await page.waitForSelector('#edit[open]')
      await page.fill('#edit #content', 'changed\n')
      await page.fill('#title', 'A new title')
      await page.getByRole('button', { name: 'Save' }).click()
      await page.getByText('was saved').waitFor()
      await page.goto(url, { waitUntil: 'load' })
      expect(await page.textContent('h1')).toBe('A new title')
      expect(await page.textContent('#code')).toBe('changed\n')
      await page.click('#menu summary')
      await page.click('#delete')
      await page.click('#delete')
      await page.getByRole('heading', { name: 'This paste was deleted' }).waitFor()
      expect((await raw(url.slice(site.url.length + 1))).status).toBe(410)
      await open('/mine')
      await page.getByText('Nothing yet.').waitFor()
    })

    test('a name that is taken is said to be taken, and the offered one works', async () => {
      const name = uniqueName()
      await post(TEXT, name)
      await open('/')
      await page.fill('#content', 'other')
      await page.fill('#slug', name)
      await page.getByText('This name is taken.').waitFor()
      await page.click('.suggestion')
      const offered = await page.inputValue('#slug')
      await page.click('#post')
      expect(await page.inputValue('.address-field')).toBe(`${site.url}/${offered}`)
    })

    test('an exact date is when the paste ends', async () => {
      await open('/')
      await page.fill('#content', 'short-lived')
      await page.selectOption('#ends', 'at')
      await page.fill('#ends-at', '2001-01-01T00:00')
      await page.getByText('That is too soon').waitFor()
      const at = new Date(Date.now() + 3 * 3_600_000)
      const local = new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
      await page.fill('#ends-at', local)
      await page.click('#post')
      await page.getByText('it ends in 3 h').waitFor()
    })

    test('a choice of colours is remembered and is there before the first paint', async () => {
      await page.emulateMedia({ colorScheme: 'light' })
      await open('/')
      await page.click('[data-theme-switch]')
      await page.reload({ waitUntil: 'commit' })
      await page.waitForSelector('#content', { state: 'attached' })
      expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe('rgb(18, 20, 22)')
    })

    test('the API page sends what its fields say', async () => {
      await open('/api/docs')
      const create = page.locator('.operation', { hasText: 'POST' }).filter({ hasText: /^POST\/api\/v1\/pastes(?!\/)/ })
      await create.first().locator('summary').click()
      await create.first().getByRole('button', { name: 'Send' }).click()
      await create.first().getByText('201').first().waitFor()
    })

    test('without scripts, text is posted and read', async () => {
      const plain = await browser.newContext({ javaScriptEnabled: false })
      const bare = await plain.newPage()
      await bare.goto(site.url)
      await bare.fill('#content', TEXT)
      await bare.click('#post')
      const url = await bare.textContent('.address')
      expect(await bare.textContent('.token')).toMatch(/^[\w-]{43}$/)
      await bare.goto(url ?? '')
      expect(await bare.textContent('#code')).toBe(TEXT)
      await bare.goto(`${site.url}/`)
      await bare.fill('#content', 'kept')
      await bare.fill('#slug', 'help')
      await bare.click('#post')
      expect(await bare.inputValue('#content')).toBe('kept')
      expect(await bare.textContent('#content-problem')).toContain('help')
      await plain.close()
    })

    test('a phone scrolls in one direction only, and its buttons are large enough', async () => {
      const phone = await browser.newContext({ viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true })
      const small = await phone.newPage()
      const url = await post(`${'long '.repeat(200)}\n`)
      for (const path of ['/', '/help', '/mine', '/recent', new URL(url).pathname]) {
        await small.goto(site.url + path)
        expect(await small.evaluate(() => document.documentElement.scrollWidth), path).toBeLessThanOrEqual(360)
        const heights = await small
          .locator('button:visible, .button:visible')
          .evaluateAll((all) => all.map((one) => one.clientHeight))
        expect(Math.min(40, ...heights), path).toBeGreaterThanOrEqual(38)
      }
      await phone.close()
    })

    test('a page of 4 KiB and its assets weigh at most 40 KB', async () => {
      const source = await readFile(new URL('site.ts', import.meta.url), 'utf8')
      const url = await post(source.repeat(3).slice(0, 4096))
      const fresh = await browser.newContext()
      const visit = await fresh.newPage()
      let bytes = 0
      const control = await fresh.newCDPSession(visit)
      await control.send('Network.enable')
      control.on('Network.loadingFinished', ({ encodedDataLength }) => {
        bytes += encodedDataLength
      })
      await visit.goto(url, { waitUntil: 'networkidle' })
      expect(bytes).toBeGreaterThan(1_000)
      expect(bytes).toBeLessThanOrEqual(40_000)
      console.info(`page and assets: ${bytes} bytes`)
      await fresh.close()
    })
  })
})
