import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { whenService } from '../services/index.ts'
import { visitor } from './visitor.ts'

const SECRET = 'hunter2\nsecond line'

whenService('chromium', () => {
  describe('what can be read once', () => {
    const me = visitor()
    const create = async (options: string, body: string | Buffer, mediaType = 'text/plain') => {
      const headers = { 'content-type': mediaType }
      const url = `${me.site.url}/api/v1/pastes?${options}`
      const answer = await fetch(url, { method: 'POST', headers, body: new Uint8Array(Buffer.from(body)) })
      return (await answer.json()) as { slug: string; url: string }
    }

    test('is posted by the switch, opened by the button, and then gone', async () => {
      await me.open('/')
      await me.page.fill('#content', SECRET)
      await me.page.click('summary')
      await me.page.check('#burn')
      await me.page.click('#post')
      const url = await me.page.inputValue('.address-field')
      await me.page.getByText('It can be read once.').waitFor()
      expect(await me.page.getByRole('link', { name: 'Open' }).count()).toBe(0)
      await me.page.goto(url, { waitUntil: 'load' })
      await me.page.reload({ waitUntil: 'load' })
      expect(await me.page.textContent('main')).not.toContain('hunter2')
      await me.page.getByRole('button', { name: 'Open' }).click()
      expect(await me.page.textContent('#code')).toBe(SECRET)
      await me.page.waitForURL(url)
      await me.page.reload({ waitUntil: 'load' })
      await me.page.getByRole('heading', { name: 'This paste was read and is gone' }).waitFor()
    })

    test('is copied from the page, without another request', async () => {
      const { url } = await create('burnAfterReading=true', SECRET)
      await me.page.goto(url, { waitUntil: 'load' })
      await me.page.click('#open')
      await me.page.waitForSelector('#code')
      // Its script is there then.
      await me.page.waitForLoadState('load')
      await me.page.click('#copy')
      await me.page.getByText('Copied', { exact: true }).waitFor()
      expect(await me.clipboard()).toBe(SECRET)
    })

    test('is saved and copied byte for byte, whatever it holds, with and without scripts', async () => {
      const exact = '\ufeffone\r\ntwo\0three\rfour\r\n<b>five\n'
      const latin = Buffer.from('caf\xe9 cr\xe8me\r\n', 'latin1')
      for (const [body, text] of [
        [Buffer.from(exact), exact],
        [latin, 'café crème\r\n'],
      ] as const) {
        for (const javaScriptEnabled of [true, false]) {
          const { url } = await create('burnAfterReading=true&fileName=key.pem', body)
          const context = await me.browser.newContext({
            javaScriptEnabled,
            permissions: ['clipboard-read', 'clipboard-write'],
          })
          const page = await context.newPage()
          await page.goto(url, { waitUntil: 'load' })
          await page.click('#open')
          await page.waitForSelector('#code')
          await page.waitForLoadState('load')
          const [download] = await Promise.all([page.waitForEvent('download'), page.click('#save')])
          expect(download.suggestedFilename()).toBe('key.pem')
          const parts: Buffer[] = []
          for await (const part of await download.createReadStream()) parts.push(part)
          expect(Buffer.concat(parts)).toEqual(body)
          if (javaScriptEnabled) {
            await page.click('#copy')
            await page.getByText('Copied', { exact: true }).waitFor()
            expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(text)
          }
          await context.close()
        }
      }
    })

    test('opens by a double click', async () => {
      const { url } = await create('burnAfterReading=true', SECRET)
      await me.page.goto(url, { waitUntil: 'load' })
      await me.page.dblclick('#open')
      expect(await me.page.textContent('#code')).toBe(SECRET)
    })

    test('is saved whole when no page shows all of it', async () => {
      const bodies: [Buffer | string, string][] = [
        [randomBytes(3_000), 'application/octet-stream'],
        ['x\n'.repeat(30_000), 'text/plain'],
      ]
      for (const [body, mediaType] of bodies) {
        const { url } = await create('burnAfterReading=true', body, mediaType)
        await me.page.goto(url, { waitUntil: 'load' })
        const [download] = await Promise.all([me.page.waitForEvent('download'), me.page.click('#open')])
        const parts: Buffer[] = []
        for await (const part of await download.createReadStream()) parts.push(part)
        expect(Buffer.concat(parts).equals(Buffer.from(body))).toBe(true)
        await me.page.getByText('It can’t be downloaded again.').waitFor()
      }
    })

    test('shows an image of text as text: asking for it as an image would be another reading', async () => {
      const svg = '<svg xmlns="http://www.w3.org/2000/svg"/>'
      const { url } = await create('burnAfterReading=true', svg, 'image/svg+xml')
      await me.page.goto(url, { waitUntil: 'load' })
      await me.page.click('#open')
      expect(await me.page.textContent('#code')).toBe(svg)
    })

    test('is not opened by what leads away from its page', async () => {
      const { slug } = await create('burnAfterReading=true', SECRET)
      for (const path of [`/${slug}`, `/reveal/${slug}`, `/raw/${slug}`, `/download/${slug}`, `/?from=${slug}`]) {
        await me.open(path)
        expect(await me.page.textContent('body'), path).not.toContain('hunter2')
      }
      await me.page.getByText('its readings are counted').waitFor()
      await me.open(`/${slug}`)
      await me.page.getByRole('button', { name: 'Open' }).waitFor()
    })

    test('opens without scripts', async () => {
      const { url } = await create('burnAfterReading=true', SECRET)
      const plain = await me.browser.newContext({ javaScriptEnabled: false })
      const bare = await plain.newPage()
      await bare.goto(url)
      await bare.click('#open')
      expect(await bare.textContent('#code')).toBe(SECRET)
      await plain.close()
    })

    test('counts down when it can be read more often', async () => {
      const { url } = await create('maxViews=2', SECRET)
      await me.page.goto(url, { waitUntil: 'load' })
      await me.page.getByText('It can be read 2 more times.').waitFor()
      await me.page.click('#open')
      await me.page.waitForSelector('#code')
      // Until the script of the page has put the address of the paste in place, a reload would take a reading too.
      await me.page.waitForURL(url)
      await me.page.reload({ waitUntil: 'load' })
      await me.page.getByText('It can be read one more time.').waitFor()
    })
  })
})
