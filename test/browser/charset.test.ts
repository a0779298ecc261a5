import { describe, expect, test } from 'vitest'
import { encode } from '../content/charset/encode.ts'
import { whenService } from '../services/index.ts'
import { postBytes } from './large-paste.ts'
import { reader } from './reader.ts'
import { visitor } from './visitor.ts'

whenService('chromium', () => {
  describe('a text that is no UTF-8', () => {
    const me = visitor()
    const { seen, sees } = reader(() => me.page)
    const open = async (text: string, charset: string) =>
      me.open(await postBytes(me.site.url, Buffer.from(encode(text, charset))))

    test('is shown, says as what it is read, and is read otherwise by a link', async () => {
      await open('Ошибка соединения с базой данных\n', 'windows-1251')
      expect(await me.page.textContent('#code')).toBe('Ошибка соединения с базой данных\n')
      await me.page.getByText('Read as Windows-1251').click()
      await me.page.getByRole('link', { name: 'KOI8-R (Russian)' }).click()
      await me.page.waitForURL(/charset=koi8-r$/)
      expect(await me.page.textContent('#code')).not.toContain('Ошибка')
    })

    test('of a large one is read in windows, searched and copied, also in UTF-16', async () => {
      const line = (number: number) => `${number}: Ошибка ${number} в строке 上`
      const text = Array.from({ length: 60_000 }, (_, at) => `${line(at + 1)}\r\n`).join('')
      await open(`\ufeff${text}`, 'utf-16le')
      await me.page.keyboard.press('End')
      await sees(60_000, line(60_000))
      await me.page.fill('#find-text', 'ошибка 31007 В')
      await me.page.getByText('1 of 1', { exact: true }).waitFor()
      await sees(31_007, line(31_007))
      await me.page.goto(`${me.page.url().replace(/#.*/, '')}#L40000-L40001`)
      await me.page.reload({ waitUntil: 'load' })
      await me.page.click('#copy-lines')
      await me.page.getByText('Copied', { exact: true }).waitFor()
      expect(await me.clipboard()).toBe(`${line(40_000)}\r\n${line(40_001)}\r\n`)
    })

    test('of a large one keeps the charset that was chosen for all its windows', async () => {
      const text = 'Привет, мир! Это обычный текст на русском языке.\n'.repeat(20_000)
      const path = await postBytes(me.site.url, Buffer.from(encode(text, 'koi8-r')))
      await me.open(`${path}?charset=windows-1251`)
      const [first] = await seen()
      await me.page.keyboard.press('End')
      await sees(20_000, first?.text ?? '')
      expect(first?.text).not.toContain('Привет')
    })

    test('hides no log behind a few bad bytes', async () => {
      await me.open(await postBytes(me.site.url, Buffer.from(`${'GET / 200\n'.repeat(99)}\xff\xfe\n`, 'latin1')))
      await me.page.getByText('2 characters can’t be read').waitFor()
      expect(await me.page.locator('.line').count()).toBe(100)
    })
  })
})
