import { describe, expect, test } from 'vitest'
import { patiently } from '../patience.ts'
import { whenService } from '../services/index.ts'
import { numberedPaste, postBytes } from './large-paste.ts'
import { reader } from './reader.ts'
import { visitor } from './visitor.ts'

const MiB = 1024 * 1024
const { bytes: numbered, count: LINES, line: text } = numberedPaste()

whenService('chromium', () => {
  describe('the viewer', () => {
    const me = visitor()
    const { seen, sees, wheel } = reader(() => me.page)
    const open = async (bytes: Buffer<ArrayBuffer>, fragment = '') =>
      me.open((await postBytes(me.site.url, bytes)) + fragment)

    test('scrolls 25 million empty lines to their end', async () => {
      await open(Buffer.alloc(25_000_000, '\n'))
      await me.page.keyboard.press('End')
      await sees(25_000_000, '')
      await me.page.keyboard.press('PageUp')
      expect((await seen()).at(-1)?.number).toBeLessThan(25_000_000)
      await me.page.keyboard.press('PageDown')
      await sees(25_000_000, '')
    })

    test('cuts a line of 50 MiB, shows its beginning, and more of it when asked', async () => {
      await open(Buffer.alloc(50 * MiB, 'word '))
      expect((await seen())[0]?.text.length).toBeLessThan(3_000)
      await me.page.click('.show-all')
      await me.page.getByText('raw: 50 MiB').waitFor()
      expect((await seen())[0]?.text.length).toBeGreaterThan(256 * 1024)
      await me.page.keyboard.press('End')
      await expect.poll(async () => (await seen())[0]?.y).toBeLessThan(-10_000)
    })

    test('shows lines whose windows are far larger than a screen needs', async () => {
      const lines = Array.from({ length: 40 }, (_, index) => `${index + 1} ${'x'.repeat(MiB)}\n`)
      await open(Buffer.from(`${lines.join('')}the last\n`))
      await me.page.keyboard.press('End')
      await sees(41, 'the last')
      const blank = async () => (await seen()).filter(({ text: shown }) => shown === '')
      await expect.poll(blank, { timeout: patiently(10_000) }).toEqual([])
    })

    test('stays at its upper line when lines are wrapped', async () => {
      await me.page.setViewportSize({ width: 700, height: 600 })
      await open(numbered, '#L20000')
      await sees(20_000, text(20_000))
      await wheel(500)
      const [before] = await seen()
      await me.page.keyboard.press('w')
      expect((await seen())[0]).toEqual(before)
      const from = (await seen()).at(-1)
      await wheel(60)
      const to = (await seen()).find(({ number }) => number === from?.number)
      expect((from?.y ?? 0) - (to?.y ?? 0)).toBe(60)
    })

    test('reaches the first and the last line when lines are wrapped', async () => {
      await me.page.setViewportSize({ width: 500, height: 600 })
      await open(numbered)
      await me.page.keyboard.press('w')
      await me.page.keyboard.press('End')
      await sees(LINES, text(LINES))
      await me.page.keyboard.press('Home')
      expect((await sees(1, text(1))).y).toBe(8)
    })

    test('gives a screen reader real text and its place', async () => {
      await open(numbered, '#L12345')
      const row = me.page.getByRole('list', { name: 'Lines' }).locator('[data-line="12345"]')
      await row.getByText(text(12_345)).waitFor()
      expect(await row.getAttribute('role')).toBe('listitem')
      expect(await row.getAttribute('aria-posinset')).toBe('12345')
      expect(await row.getAttribute('aria-setsize')).toBe(`${LINES}`)
      expect(await me.page.textContent('#announce')).toBe('Line 12345 selected')
    })

    test('is read, searched, selected from and copied from by keyboard alone', async () => {
      await open(numbered)
      for (const [key, first] of [
        ['PageDown', 2],
        ['ArrowDown', 3],
        [' ', 4],
        ['Shift+ ', 3],
      ] as const) {
        await me.page.keyboard.press(key)
        expect((await seen())[0]?.number, key).toBeGreaterThan(first)
      }
      await me.page.keyboard.press('/')
      await me.page.keyboard.type('line 777 ')
      await me.page.getByText('1 of 1', { exact: true }).waitFor()
      await me.page.keyboard.press('Escape')
      await me.page.keyboard.press('g')
      await me.page.keyboard.type('777-778')
      await me.page.keyboard.press('Enter')
      await me.page.waitForURL('**#L777-L778')
      await me.page.keyboard.press('Shift+ArrowDown')
      await me.page.keyboard.press('c')
      await me.page.getByText('3 lines copied').waitFor({ state: 'attached' })
      expect(await me.clipboard()).toBe(`${text(777)}\n${text(778)}\n${text(779)}\n`)
      await me.page.focus('#viewer')
      await me.page.keyboard.press('Control+a')
      await me.page.waitForURL(`**#L1-L${LINES}`)
      await me.page.keyboard.press('Control+c')
      await me.page.getByText('30,000 lines copied').waitFor({ state: 'attached' })
      expect(await me.clipboard()).toBe(`${numbered}`)
      await me.page.keyboard.press('?')
      await me.page.getByText('find in all lines', { exact: true }).waitFor()
    })

    test('text that is selected and copied by hand is the text, over rows that come later too', async () => {
      await open(numbered)
      await me.page.evaluate(() => {
        const [from, to] = [document.querySelector('[data-line="5"]'), document.querySelector('[data-line="9"]')]
        if (from && to) getSelection()?.setBaseAndExtent(from, 0, to, to.childNodes.length)
      })
      await me.page.keyboard.press('Control+c')
      const wanted = [5, 6, 7, 8, 9].map(text).join('\n')
      expect((await me.clipboard()).trimEnd()).toBe(wanted)
    })

    test('says that the paste was changed, and shows nothing of the new one', async () => {
      const answer = await fetch(`${me.site.url}/api/v1/pastes`, {
        method: 'POST',
        headers: { 'content-type': 'text/plain' },
        body: numbered,
      })
      const { slug, editToken } = (await answer.json()) as { slug: string; editToken: string }
      await me.open(`/${slug}`)
      const headers = { authorization: `Bearer ${editToken}` }
      await fetch(`${me.site.url}/api/v1/pastes/${slug}/content`, {
        method: 'PUT',
        headers,
        body: `${numbered}one more\n`,
      })
      await me.page.keyboard.press('End')
      await me.page.getByText('This paste was changed.').waitFor()
      expect((await seen()).every(({ text: shown }) => shown === '')).toBe(true)
    })

    test('says that the server is away, and goes on when it is back', async () => {
      await open(numbered)
      await me.context.setOffline(true)
      await me.page.keyboard.press('End')
      await me.page.getByText('The server could not be reached. Trying again.').waitFor()
      await me.context.setOffline(false)
      await sees(LINES, text(LINES))
      await me.page.locator('#note').waitFor({ state: 'hidden' })
    })

    test('colours lines that were scrolled to', async () => {
      const code = Buffer.from('const answer = 42 // forty-two\n'.repeat(20_000))
      await me.open(`${await postBytes(me.site.url, code, 'language=typescript')}#L15000`)
      await me.page.locator('[data-line="15000"] .hljs-keyword').waitFor()
      expect(await me.page.textContent('[data-line="15000"]')).toBe('const answer = 42 // forty-two\n')
    })
  })
})
