import { describe, expect, test } from 'vitest'
import { whenService } from '../services/index.ts'
import { postBytes } from './large-paste.ts'
import { reader } from './reader.ts'
import { visitor } from './visitor.ts'

const ESC = '\x1b'
const LINK = `${ESC}]8;;https://ci.example/jobs/7${ESC}\\job 7${ESC}]8;;${ESC}\\`
const OUTPUT = [
  `${ESC}[1mRunning${ESC}[0m tests of ${LINK}`,
  Array.from({ length: 103 }, (_, at) => `downloading ${at} %`).join('\r'),
  `${ESC}[31mFAILED${ESC}[0m <b>not bold</b>`,
  '',
].join('\n')
const CLEAN = 'Running tests of job 7\ndownloading 102 %\nFAILED <b>not bold</b>\n'

whenService('chromium', () => {
  describe('terminal output', () => {
    const me = visitor()
    const { sees } = reader(() => me.page)
    const post = (text: string) => postBytes(me.site.url, Buffer.from(text))

    test('looks as in a terminal, is copied clean, and shows its source by a switch', async () => {
      const path = await post(OUTPUT)
      await me.open(path)
      expect(await me.page.textContent('#code')).toBe(CLEAN)
      const colour = (selector: string) =>
        me.page.evaluate((what) => getComputedStyle(document.querySelector(what) as Element).color, selector)
      expect(await colour('.tty-ink-1')).not.toBe(await colour('#code'))
      expect(await me.page.getAttribute('.updates', 'data-updates')).toBe('102 updates')
      expect(await me.page.getAttribute('.tty-link', 'href')).toBe('https://ci.example/jobs/7')
      await me.page.click('#copy')
      await me.page.getByText('Copied', { exact: true }).waitFor()
      expect(await me.clipboard()).toBe(CLEAN)
      await me.page.getByRole('link', { name: 'show the source' }).click()
      await me.page.waitForURL(/as=source$/)
      expect(await me.page.textContent('#code')).toContain('[31mFAILED')
      await me.page.getByRole('link', { name: 'show as a terminal does' }).click()
      await me.page.waitForSelector('.tty-ink-1')
    })

    test('looks so in every window of a large paste', async () => {
      const line = (number: number) => `${ESC}[3${number % 8}mline ${number}${ESC}[0m plain`
      await me.open(await post(Array.from({ length: 30_000 }, (_, at) => `${line(at + 1)}\n`).join('')))
      await me.page.keyboard.press('End')
      await sees(30_000, 'line 30000 plain')
      expect(await me.page.textContent('[data-line="29993"] .tty-ink-1')).toBe('line 29993')
      await me.page.keyboard.press('Home')
      await sees(1, 'line 1 plain')
      expect(await me.page.textContent('[data-line="1"] .tty-ink-1')).toBe('line 1')
      await me.page.click('[data-line="2"]', { position: { x: 5, y: 5 } })
      await me.page.click('#copy-lines')
      await me.page.getByText('Copied', { exact: true }).waitFor()
      expect(await me.clipboard()).toBe('line 2 plain\n')
    })
  })
})
