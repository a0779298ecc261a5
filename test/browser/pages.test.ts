import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { whenService } from '../services/index.ts'
import { visitor } from './visitor.ts'

const TEXT = 'first\n\tsecond <b>\n\nfourth & last\n'

whenService('chromium', () => {
  describe('the pages in a browser', () => {
    const me = visitor()

    test('text that is selected and copied by hand is the text', async () => {
      const url = await me.post(TEXT)
      await me.page.goto(url)
      await me.page.evaluate(() => getSelection()?.selectAllChildren(document.querySelector('#code code') as Element))
      await me.page.keyboard.press('Control+c')
      expect((await me.clipboard()).replace(/\n$/, '')).toBe(TEXT.replace(/\n$/, ''))
    })

    test('lines are selected by click, shift-click and address, and copied', async () => {
      const url = await me.post(TEXT)
      await me.page.goto(url, { waitUntil: 'load' })
      await me.page.click('#L2', { position: { x: 10, y: 10 } })
      await me.page.click('#L4', { position: { x: 10, y: 10 }, modifiers: ['Shift'] })
      expect(me.page.url()).toBe(`${url}#L2-L4`)
      await me.page.click('#copy-lines')
      await me.page.getByText('Copied', { exact: true }).waitFor()
      expect(await me.clipboard()).toBe('\tsecond <b>\n\nfourth & last\n')
      await me.page.reload()
      expect(await me.page.locator('.line.selected').count()).toBe(3)
      await me.page.keyboard.press('Escape')
      expect(me.page.url()).toBe(url)
    })

    test('lines are selected by keyboard alone', async () => {
      const url = await me.post(TEXT)
      await me.page.goto(url, { waitUntil: 'load' })
      await me.page.keyboard.press('g')
      await me.page.keyboard.type('2-3')
      await me.page.keyboard.press('Enter')
      await me.page.waitForURL(`${url}#L2-L3`)
      await me.page.keyboard.press('Shift+ArrowDown')
      await me.page.waitForURL(`${url}#L2-L4`)
    })

    test('the holder of the token edits and deletes a paste', async () => {
      const url = await me.post(TEXT)
      await me.open('/mine')
      await me.page.getByRole('button', { name: 'Edit' }).click()
      await me.page.waitForSelector('#edit[open]')
      await me.page.fill('#edit #content', 'changed\n')
      await me.page.fill('#title', 'A new title')
      await me.page.getByRole('button', { name: 'Save' }).click()
      await me.page.getByText('was saved').waitFor()
      await me.page.goto(url, { waitUntil: 'load' })
      expect(await me.page.textContent('h1')).toBe('A new title')
      expect(await me.page.textContent('#code')).toBe('changed\n')
      await me.page.click('#menu summary')
      await me.page.click('#delete')
      await me.page.click('#delete')
      await me.page.getByRole('heading', { name: 'This paste was deleted' }).waitFor()
      expect((await me.raw(url.slice(me.site.url.length + 1))).status).toBe(410)
      await me.open('/mine')
      await me.page.getByText('Nothing yet.').waitFor()
    })

    test('two who edit one paste lose neither text', async () => {
      const url = await me.post(TEXT)
      const other = await me.context.newPage()
      for (const page of [me.page, other]) {
        await page.goto(`${me.site.url}/mine#edit=${url.split('/').at(-1)}`)
        await page.waitForSelector('#edit[open]')
      }
      await other.fill('#edit #content', 'theirs\n')
      await other.getByRole('button', { name: 'Save' }).click()
      await other.getByText('was saved').waitFor()
      await me.page.fill('#edit #content', 'mine\n')
      await me.page.getByRole('button', { name: 'Save' }).click()
      await me.page.getByText(/changed elsewhere at \d/).waitFor()
      expect(await me.page.inputValue('#theirs-text')).toBe('theirs\n')
      expect(await me.page.inputValue('#edit #content')).toBe('mine\n')
      await me.page.getByRole('button', { name: 'Save' }).click()
      await me.page.getByText('was saved').waitFor()
      expect(await (await me.raw(url.split('/').at(-1) ?? '')).text()).toBe('mine\n')
    })

    test('Esc in an edit discards nothing before it was pressed twice', async () => {
      await me.post(TEXT)
      await me.open('/mine')
      await me.page.getByRole('button', { name: 'Edit' }).click()
      await me.page.fill('#edit #content', 'half a thought')
      await me.page.keyboard.press('Escape')
      await me.page.getByText('Once more discards them.').waitFor()
      expect(await me.page.inputValue('#edit #content')).toBe('half a thought')
      await me.page.keyboard.press('Escape')
      await me.page.waitForSelector('#edit', { state: 'hidden' })
    })

    test('a secret that was read is called read, and its row stays until it is forgotten', async () => {
      await me.open('/')
      await me.page.fill('#content', 'secret')
      await me.page.click('summary')
      await me.page.check('#burn')
      await me.page.click('#post')
      const slug = (await me.page.inputValue('.address-field')).split('/').at(-1) ?? ''
      expect((await fetch(`${me.site.url}/api/v1/pastes/${slug}/claim`, { method: 'POST' })).status).toBe(200)
      await me.open('/mine')
      await me.page.getByText(new RegExp(`/${slug} · .* · was read`)).waitFor()
      await me.page.getByRole('button', { name: 'Forget' }).click()
      await me.page.getByText('Nothing yet.').waitFor()
    })

    test('single keys can be switched off, and stay off', async () => {
      const url = await me.post(TEXT)
      await me.page.goto(url, { waitUntil: 'load' })
      await me.page.keyboard.press('?')
      await me.page.uncheck('#single-keys')
      await me.page.keyboard.press('Escape')
      await me.page.waitForSelector('#shortcuts', { state: 'hidden' })
      await me.page.reload()
      await me.page.keyboard.press('p')
      await me.page.keyboard.press('g')
      expect(await me.page.isVisible('#go-to')).toBe(false)
      expect(me.page.url()).toBe(url)
      await me.page.click('#menu summary')
      await me.page.click('#keys')
      await me.page.check('#single-keys')
      await me.page.keyboard.press('Escape')
      await me.page.waitForSelector('#shortcuts', { state: 'hidden' })
      // The browser gives the focus back some time after the dialog has gone.
      const pressed = async () => {
        await me.page.keyboard.press('p')
        return me.page.url()
      }
      await expect.poll(pressed).toBe(`${me.site.url}/`)
    })

    test('a choice of colours is remembered and is there before the first paint', async () => {
      await me.page.emulateMedia({ colorScheme: 'light' })
      await me.open('/')
      await me.page.click('[data-theme-switch]')
      await me.page.reload({ waitUntil: 'commit' })
      await me.page.waitForSelector('#content', { state: 'attached' })
      expect(await me.page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe('rgb(18, 20, 22)')
    })

    test('the API page sends what its fields say', async () => {
      await me.open('/api/docs')
      const create = me.page
        .locator('.operation', { hasText: 'POST' })
        .filter({ hasText: /^POST\/api\/v1\/pastes(?!\/)/ })
      await create.first().locator('summary').click()
      await create.first().getByRole('button', { name: 'Send' }).click()
      await create.first().getByText('201').first().waitFor()
    })

    test('a page of 4 KiB and its assets weigh at most 40 KB', async () => {
      const source = await readFile(new URL('site.ts', import.meta.url), 'utf8')
      const url = await me.post(source.repeat(3).slice(0, 4096))
      const fresh = await me.browser.newContext()
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
