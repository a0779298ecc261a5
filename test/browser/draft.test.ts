import { describe, expect, test } from 'vitest'
import { whenService } from '../services/index.ts'
import { uniqueName, visitor } from './visitor.ts'

whenService('chromium', () => {
  describe('what was typed', () => {
    const me = visitor()

    async function type(text: string, name: string): Promise<void> {
      await me.open('/')
      await me.page.fill('#content', text)
      await me.page.fill('#slug', name)
      await me.page.click('summary')
      await me.page.check('#burn')
      await me.page.selectOption('#visibility', 'private')
    }

    async function expectTyped(text: string, name: string): Promise<void> {
      await expect.poll(() => me.page.inputValue('#content')).toBe(text)
      expect(await me.page.inputValue('#slug')).toBe(name)
      expect(await me.page.isChecked('#burn')).toBe(true)
      expect(await me.page.isVisible('#visibility')).toBe(true)
      expect(await me.page.inputValue('#visibility')).toBe('private')
      expect(await me.page.textContent('#count')).toMatch(/^2 lines/)
    }

    test('is there again after a reload, and after going away and back', async () => {
      const name = uniqueName()
      await type('not yet\nposted\n', name)
      await me.page.reload()
      await expectTyped('not yet\nposted\n', name)
      await me.open('/recent')
      await me.page.goBack()
      await expectTyped('not yet\nposted\n', name)
    })

    test('is forgotten when it is posted, and never seen in another tab', async () => {
      await me.open('/')
      await me.page.fill('#content', 'mine')
      const other = await me.context.newPage()
      await other.goto(me.site.url)
      expect(await other.inputValue('#content')).toBe('')
      await me.page.click('#post')
      await me.page.waitForSelector('.address-field')
      await me.open('/')
      expect(await me.page.inputValue('#content')).toBe('')
      expect(await me.page.evaluate(() => sessionStorage.length)).toBe(0)
    })

    test('asks before it is left only where it would be lost', async () => {
      let asked = 0
      me.page.on('dialog', (dialog) => {
        asked += 1
        void dialog.accept()
      })
      await me.open('/')
      await me.page.fill('#content', 'kept')
      await me.open('/recent')
      expect(asked).toBe(0)
      await me.open('/')
      await me.page.setInputFiles('#choose', { name: 'a.bin', mimeType: '', buffer: Buffer.from([0, 1]) })
      await me.page.getByText('a.bin').waitFor()
      await me.page.click('main')
      await me.open('/recent')
      expect(asked).toBe(1)
    })

    test('and is longer than a million characters when pasted becomes a file', async () => {
      await me.open('/')
      const length = 2 * 1024 * 1024
      await me.page.evaluate(async (length) => {
        await navigator.clipboard.writeText('x'.repeat(length))
      }, length)
      await me.page.focus('#content')
      await me.page.keyboard.press('Control+V')
      await me.page.getByText('pasted.txt').waitFor()
      await me.page.click('#post')
      await me.page.waitForSelector('.address-field')
      const slug = (await me.page.inputValue('.address-field')).split('/').at(-1) ?? ''
      expect((await (await me.raw(slug)).text()).length).toBe(length)
    })
  })
})
