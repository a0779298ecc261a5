import { describe, expect, test } from 'vitest'
import { patiently } from '../patience.ts'
import { freePort, whenService } from '../services/index.ts'
import { startSite } from './site.ts'
import { visitor } from './visitor.ts'

const LINES = 60_000

whenService('chromium', () => {
  describe('a service below a path, in a browser', { timeout: patiently(60_000) }, () => {
    const me = visitor(async () => {
      const port = `${await freePort()}`
      return startSite({ PORT: port, PUBLIC_URL: `http://127.0.0.1:${port}/tools/paste` })
    })

    test('text is posted, opened, listed and edited there', async () => {
      const url = await me.post('first\nsecond\n')
      expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/tools\/paste\/\w+$/)
      await me.page.goto(url)
      expect(await me.page.textContent('#code')).toBe('first\nsecond\n')
      await me.page.keyboard.press('r')
      await me.page.waitForURL(/\/tools\/paste\/raw\/\w+$/)
      await me.open('/mine')
      const link = me.page.locator('a.name').first()
      expect(await link.getAttribute('href')).toBe(new URL(url).pathname)
      await me.page.getByRole('button', { name: 'Edit' }).first().click()
      await me.page.getByLabel('Content').fill('changed\n')
      await me.page.locator('dialog button.primary').click()
      await me.page.getByText('was saved').waitFor()
      expect(await (await fetch(url)).text()).toBe('changed\n')
    })

    test('a file is uploaded in parts, and any of its lines is shown', async () => {
      const text = Array.from({ length: LINES }, (_, index) => `line ${index + 1} of a log that is long enough\n`).join(
        '',
      )
      await me.open('/')
      await me.page.setInputFiles('#choose', { name: 'build.log', mimeType: 'text/plain', buffer: Buffer.from(text) })
      await me.page.click('#post')
      await me.page.goto(await me.page.inputValue('.address-field'))
      await me.page.keyboard.press('g')
      await me.page.keyboard.type('50000')
      await me.page.keyboard.press('Enter')
      await me.page.getByText('line 50000 of a log').first().waitFor()
    })
  })
})
