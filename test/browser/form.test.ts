import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { whenService } from '../services/index.ts'
import { uniqueName, visitor } from './visitor.ts'

const MiB = 1024 * 1024
const TEXT = 'first\n\tsecond <b>\n\nfourth & last\n'

whenService('chromium', () => {
  describe('the form in a browser', () => {
    const me = visitor()

    test('text that is posted can be opened and is the same', async () => {
      const url = await me.post(TEXT)
      expect(await me.page.evaluate(() => String(getSelection()))).toBe(url)
      await me.page.getByRole('link', { name: 'Open' }).click()
      await me.page.waitForSelector('#L4')
      await me.page.waitForLoadState('load')
      expect(await me.page.textContent('#code')).toBe(TEXT)
      await me.page.click('#copy')
      await me.page.getByText('Copied', { exact: true }).waitFor()
      expect(await me.clipboard()).toBe(TEXT)
    })

    test('Ctrl+Enter posts, Tab indents, Esc and Tab leave', async () => {
      await me.open('/')
      await me.page.focus('#content')
      await me.page.keyboard.press('Tab')
      await me.page.keyboard.type('x')
      expect(await me.page.inputValue('#content')).toBe('\tx')
      await me.page.keyboard.press('Escape')
      await me.page.keyboard.press('Tab')
      expect(await me.page.evaluate(() => document.activeElement?.id)).not.toBe('content')
      await me.page.keyboard.press('Control+Enter')
      await me.page.waitForSelector('.address-field')
    })

    test('every field is reached by Tab, in the order in which one reads', async () => {
      await me.open('/')
      await me.page.keyboard.type(TEXT)
      await me.page.keyboard.press('Escape')
      const order: string[] = []
      while (order.at(-1) !== 'post' && order.length < 20) {
        await me.page.keyboard.press('Tab')
        order.push(await me.focused())
        if (order.at(-1)?.startsWith('More')) await me.page.keyboard.press('Enter')
        if (order.at(-1) === 'burn') await me.page.keyboard.press('Space')
      }
      expect(order.map((name) => name.replace(/^More.*/, 'more'))).toEqual(
        'choose slug ends more title language visibility burn post'.split(' '),
      )
      await me.page.keyboard.press('Enter')
      await me.page.waitForSelector('.address-field:focus')
      await me.page.getByText('It can be read once.').waitFor()
    })

    test('an upload that was started by key is cancelled by key', async () => {
      await me.open('/')
      // Small, as it goes to the browser through its debugging port; slow, so that it lasts until it is cancelled.
      const buffer = randomBytes(MiB)
      await me.page.setInputFiles('#choose', { name: 'a.bin', mimeType: 'application/octet-stream', buffer })
      const control = await me.context.newCDPSession(me.page)
      await control.send('Network.enable')
      const slow = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: MiB / 64 }
      await control.send('Network.emulateNetworkConditions', slow)
      await me.page.focus('#post')
      await me.page.keyboard.press('Enter')
      await me.page.keyboard.press('Tab')
      await expect.poll(me.focused).toBe('cancel')
      await me.page.keyboard.press('Enter')
      await me.page.getByText('Cancelled. Nothing was posted.').waitFor()
      await expect.poll(me.focused).toBe('post')
    })

    test('a server that is away is said to be away, and the text stays', async () => {
      await me.open('/')
      await me.page.fill('#content', TEXT)
      await me.context.setOffline(true)
      await me.page.click('#post')
      await me.page.getByText('The server could not be reached. Check the connection, then try again.').waitFor()
      expect(await me.page.inputValue('#content')).toBe(TEXT)
      await me.context.setOffline(false)
      await me.page.click('#post')
      await me.page.waitForSelector('.address-field')
    })

    test('a file of 5 MiB goes up with progress and comes back byte for byte', async () => {
      const bytes = randomBytes(5 * MiB)
      await me.open('/')
      const control = await me.context.newCDPSession(me.page)
      await control.send('Network.enable')
      const slow = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: 4 * MiB }
      await me.page.setInputFiles('#choose', { name: 'noise.bin', mimeType: 'application/octet-stream', buffer: bytes })
      expect(await me.page.textContent('.chip')).toContain('5 MiB')
      await control.send('Network.emulateNetworkConditions', slow)
      await me.page.click('#post')
      await me.page.getByText(/ of 5 MiB · .*\/s · .* left/).waitFor()
      const url = await me.page.inputValue('.address-field')
      const answer = await me.raw(url.slice(me.site.url.length + 1))
      expect(Buffer.from(await answer.arrayBuffer()).equals(bytes)).toBe(true)
      expect(answer.headers.get('content-disposition')).toContain('noise.bin')
    })

    test('a dropped file becomes a chip, a small text fills the form', async () => {
      await me.open('/')
      const drop = (name: string, content: string) =>
        me.page.evaluate(
          ([fileName, text]) => {
            const dataTransfer = new DataTransfer()
            dataTransfer.items.add(new File([text ?? ''], fileName ?? ''))
            dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }))
          },
          [name, content],
        )
      await drop('notes.py', 'print(1)\n')
      await expect.poll(() => me.page.inputValue('#content')).toBe('print(1)\n')
      await drop('other.txt', 'second')
      await me.page.waitForSelector('.chip')
      expect(await me.page.textContent('#post-label')).toBe('Post 2 pastes')
      await me.page.click('#post')
      await me.page.getByRole('heading', { name: 'Posted 2 pastes' }).waitFor()
    })

    test('an upload that is cancelled leaves nothing behind', async () => {
      const name = uniqueName()
      await me.open('/')
      const control = await me.context.newCDPSession(me.page)
      await control.send('Network.enable')
      await me.page.setInputFiles('#choose', {
        name: 'a.bin',
        mimeType: 'application/octet-stream',
        buffer: randomBytes(MiB),
      })
      await me.page.fill('#slug', name)
      await me.page.getByText('✓ free').waitFor()
      const slow = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: MiB / 8 }
      await control.send('Network.emulateNetworkConditions', slow)
      await me.page.click('#post')
      await me.page.getByText(/ of 1 MiB · /).waitFor()
      await me.page.click('#cancel')
      await me.page.getByText('Cancelled. Nothing was posted.').waitFor()
      await expect.poll(async () => (await me.raw(name)).status).toBe(404)
    })

    test('a name that is taken is said to be taken, and the offered one works', async () => {
      const name = uniqueName()
      await me.post(TEXT, name)
      await me.open('/')
      await me.page.fill('#content', 'other')
      await me.page.fill('#slug', name)
      await me.page.getByText('This name is taken.').waitFor()
      await me.page.click('.suggestion')
      const offered = await me.page.inputValue('#slug')
      await me.page.click('#post')
      expect(await me.page.inputValue('.address-field')).toBe(`${me.site.url}/${offered}`)
    })

    test('an exact date is when the paste ends', async () => {
      await me.open('/')
      await me.page.fill('#content', 'short-lived')
      await me.page.selectOption('#ends', 'at')
      await me.page.fill('#ends-at', '2001-01-01T00:00')
      await me.page.getByText('That is too soon').waitFor()
      const at = new Date(Date.now() + 3 * 3_600_000)
      const local = new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
      await me.page.fill('#ends-at', local)
      await me.page.click('#post')
      await me.page.getByText('it ends in 3 h').waitFor()
    })

    test('without scripts, text is posted and read', async () => {
      const plain = await me.browser.newContext({ javaScriptEnabled: false })
      const bare = await plain.newPage()
      await bare.goto(me.site.url)
      await bare.fill('#content', TEXT)
      await bare.click('#post')
      const url = await bare.textContent('.address')
      expect(await bare.textContent('.token')).toMatch(/^[\w-]{43}$/)
      await bare.goto(url ?? '')
      expect(await bare.textContent('#code')).toBe(TEXT)
      await bare.goto(`${me.site.url}/`)
      await bare.fill('#content', 'kept')
      await bare.fill('#slug', 'help')
      await bare.click('#post')
      expect(await bare.inputValue('#content')).toBe('kept')
      expect(await bare.textContent('#content-problem')).toContain('help')
      await plain.close()
    })
  })
})
