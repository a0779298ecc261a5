import { describe, expect, test } from 'vitest'
import { patiently } from '../patience.ts'
import { whenService } from '../services/index.ts'
import { startSite } from './site.ts'
import { visitor } from './visitor.ts'

const KEY = 'sesame'

whenService('chromium', () => {
  describe('a service that asks for keys, in a browser', { timeout: patiently(30_000) }, () => {
    const me = visitor(() => startSite({ CREATE: 'keys', READ: 'keys', ADMIN_TOKEN: KEY }))

    test('who gives the key when asked posts, reads and edits like anybody', async () => {
      const context = await me.browser.newContext({ httpCredentials: { username: 'anybody', password: KEY } })
      const page = await context.newPage()
      await page.goto(me.site.url)
      await page.getByText('Posting here takes a key.').waitFor()
      await page.fill('#content', 'for us alone\n')
      await page.click('#post')
      const url = await page.inputValue('.address-field')
      await page.goto(url)
      expect(await page.textContent('#code')).toBe('for us alone\n')
      await page.goto(`${me.site.url}/mine`)
      await page
        .getByRole('link', { name: url.split('/').at(-1) ?? '' })
        .first()
        .waitFor()
      await context.close()
    })
  })
})
