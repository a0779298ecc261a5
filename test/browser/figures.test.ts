import type { BrowserContextOptions, Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { whenService } from '../services/index.ts'
import { runFixture } from '../web/dashboards/run-fixture.ts'
import { startFigureSite } from './figure-site.ts'
import { startSite } from './site.ts'
import { visitor } from './visitor.ts'

const PHONE = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true }
const TOKEN = 'the-admin-token'

whenService('chromium', () => {
  describe('the pages of figures', () => {
    const me = visitor(startFigureSite)
    const inContext = async (options: BrowserContextOptions, look: (page: Page) => Promise<void>) => {
      const context = await me.browser.newContext(options)
      await look(await context.newPage())
      await context.close()
    }
    const legend = (id: string, page = me.page) => page.locator(`#${id} .legend b`).allTextContents()

    test('are whole without scripts: plots, latest values, tables', () =>
      inContext({ javaScriptEnabled: false }, async (page) => {
        await page.goto(`${me.site.url}/performance?range=1h`)
        expect(await page.locator('#verdict').textContent()).toContain('Well')
        expect((await legend('requests-rate', page))[0]).toMatch(/^[\d,]+$/)
        expect(await page.locator('#requests-rate path.line').count()).toBe(1)
        await page.locator('#requests-rate summary').click()
        expect(await page.locator('#requests-rate tbody tr:visible').count()).toBe(60)
        expect(await page.locator('#pause').isVisible()).toBe(false)
      }))

    test('a pointer over one plot shows the values of that time in all of them', async () => {
      await me.open('/performance?range=1h')
      const before = await legend('requests-time')
      const box = await me.page.locator('#requests-rate .plot-area > svg').boundingBox()
      if (!box) throw new Error('no plot')
      await me.page.mouse.move(box.x + (box.width * 40) / 59, box.y + 40)
      const cells = await me.page.locator('#requests-time-table tbody tr').nth(40).locator('td').allTextContents()
      expect(await legend('requests-time')).toEqual(cells)
      expect(await me.page.locator('.cursor').count()).toBe(await me.page.locator('.plot-area').count())
      expect(await me.page.locator('.cursor-time').textContent()).toBe('13:45')
      await me.page.mouse.move(5, 5)
      expect(await me.page.locator('.cursor').count()).toBe(0)
      expect(await legend('requests-time')).toEqual(before)
    })

    test('arrow keys do the same, and say it', async () => {
      await me.open('/performance?range=1h')
      const plot = me.page.locator('#requests-rate .plot-area')
      await plot.focus()
      for (const key of ['Home', 'Shift+ArrowRight', 'ArrowRight']) await me.page.keyboard.press(key)
      expect(await plot.getAttribute('aria-valuenow')).toBe('11')
      const cells = await me.page.locator('#requests-rate-table tbody tr').nth(11).locator('th, td').allTextContents()
      expect(await plot.getAttribute('aria-valuetext')).toBe(`${cells[0]}: requests ${cells[1]}`)
      expect(await legend('requests-rate')).toEqual([cells[1]])
      await me.page.keyboard.press('Escape')
      expect(await me.page.locator('.cursor').count()).toBe(0)
    })

    test('follow the colours of the system', async () => {
      const stroke = () =>
        me.page.evaluate(() => getComputedStyle(document.querySelector('#requests-rate .line') as Element).stroke)
      await me.page.emulateMedia({ colorScheme: 'light' })
      await me.open('/performance?range=1h')
      expect(await stroke()).toBe('rgb(10, 106, 95)')
      await me.page.emulateMedia({ colorScheme: 'dark' })
      expect(await stroke()).toBe('rgb(92, 201, 184)')
    })

    test('on a phone scroll in one direction only', () =>
      inContext(PHONE, async (page) => {
        for (const path of ['/performance?range=24h', '/performance/runs', '/compare', '/run', '/stats', '/views']) {
          await page.goto(me.site.url + path, { waitUntil: 'load' })
          expect(await page.evaluate(() => document.documentElement.scrollWidth), path).toBeLessThanOrEqual(360)
        }
      }))

    test('nothing moves when they are renewed, and what has the focus stays as it is', async () => {
      await me.open('/performance?range=1h')
      const heights = () => me.page.locator('figure, .tile').evaluateAll((all) => all.map((one) => one.clientHeight))
      const before = await heights()
      await me.page.locator('#requests-rate summary').focus()
      const held = await me.page.locator('#requests-rate').elementHandle()
      const other = await me.page.locator('#requests-time').elementHandle()
      const press = () => me.page.evaluate(() => document.querySelector('#pause')?.dispatchEvent(new Event('click')))
      await press()
      await me.page.getByText('Paused').waitFor()
      await press()
      await me.page.waitForFunction((old) => old?.isConnected === false, other)
      expect(await held?.evaluate((one) => one.isConnected)).toBe(true)
      expect(await heights()).toEqual(before)
    })
  })

  describe('the figures of a service with an admin token', () => {
    const me = visitor(() => startSite({ ADMIN_TOKEN: TOKEN }))
    const signedIn = async (look: (page: Page) => Promise<void>) => {
      const context = await me.browser.newContext({ httpCredentials: { username: '', password: TOKEN } })
      await look(await context.newPage())
      await context.close()
    }

    test('are asked for a password, which is the token', () =>
      signedIn(async (page) => {
        const answer = await page.goto(`${me.site.url}/performance?range=5m`, { waitUntil: 'load' })
        expect(answer?.status()).toBe(200)
        await page.getByText(/^Live, /).waitFor()
        const shut = await fetch(`${me.site.url}/performance`, { headers: { accept: 'text/html' } })
        expect([shut.status, shut.headers.get('www-authenticate')]).toEqual([
          401,
          expect.stringMatching(/^Basic realm=/),
        ])
      }))

    test('two experiments that were stored are laid side by side', async () => {
      for (const speed of [1, 1.6])
        for (const seed of [1, 2, 3, 4, 5]) {
          const run = runFixture({ name: speed === 1 ? 'before' : 'after', seed, speed })
          const answer = await fetch(`${me.site.url}/api/v1/performance/runs/${run.id}`, {
            method: 'PUT',
            headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
            body: JSON.stringify(run),
          })
          expect(answer.status).toBe(201)
        }
      await signedIn(async (page) => {
        await page.goto(`${me.site.url}/performance/runs`)
        await page.getByRole('radio', { name: 'before as A' }).check()
        await page.getByRole('radio', { name: 'after as B' }).check()
        await page.getByRole('button', { name: 'Compare' }).click()
        await page.getByRole('heading', { name: 'before and after' }).waitFor()
        expect(await page.locator('.verdict').textContent()).toMatch(/^B is faster in \d+ and slower in 0 of/)
      })
    })

    test('the owner of a paste sees its views by the token that the browser keeps', async () => {
      const url = await me.post('some text\n')
      await me.page.goto(url, { waitUntil: 'load' })
      await me.page.click('#menu summary')
      await me.page.getByRole('link', { name: 'Views' }).click()
      await me.page.getByText('each counted once a day').waitFor()
      expect(await me.page.locator('h1').textContent()).toContain('Views of /')
    })

    test('a browser without the token is told so', async () => {
      await me.open('/mine/none-such')
      await me.page.getByText('This browser keeps no edit token of this paste').waitFor()
    })
  })
})
