import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { patiently } from '../patience.ts'
import { startFaultProxy, whenService } from '../services/index.ts'
import { uniqueName, visitor } from './visitor.ts'

const MIB = 1024 * 1024
const SLOW = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: 8 * MIB }

whenService('chromium', () => {
  const me = visitor()
  const bytes = randomBytes(24 * MIB)
  // A file on the disk, which has the same date whenever it is chosen.
  const folder = mkdtempSync(join(tmpdir(), 'pastebin-resume-'))
  const noise = join(folder, 'noise.bin')
  beforeAll(() => writeFileSync(noise, bytes))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  /** Chooses a file, slows the line down, and posts; resolves when some MiB are on their way, to what ends the slowness. */
  async function postSlowly(name: string, url = me.site.url): Promise<() => Promise<unknown>> {
    await me.page.goto(url)
    const control = await me.context.newCDPSession(me.page)
    await control.send('Network.enable')
    await me.page.setInputFiles('#choose', noise)
    await me.page.fill('#slug', name)
    await me.page.getByText('✓ free').waitFor()
    await control.send('Network.emulateNetworkConditions', SLOW)
    await me.page.click('#post')
    await me.page.getByText(/^1\d(\.\d)? MiB of 24 MiB · .*\/s · .* left/).waitFor()
    return () => control.send('Network.emulateNetworkConditions', { ...SLOW, uploadThroughput: -1 })
  }

  async function expectPosted(name: string): Promise<void> {
    await me.page.waitForSelector('.address-field', { timeout: patiently(20_000) })
    expect(await me.page.inputValue('.address-field')).toBe(`${me.site.url}/${name}`)
    const answer = await me.raw(name)
    expect(Buffer.from(await answer.arrayBuffer()).equals(bytes)).toBe(true)
    expect(answer.headers.get('content-disposition')).toContain('noise.bin')
  }

  test('an upload goes on by itself after the connection broke', async () => {
    const name = uniqueName()
    const proxy = await startFaultProxy(Number(new URL(me.site.url).port))
    onTestFinished(() => proxy.stop())
    const hurry = await postSlowly(name, `http://127.0.0.1:${proxy.port}/`)
    await proxy.set({ refuse: true })
    proxy.resetConnections()
    await me.page.getByText(/Stopped at 1\d.* MiB of 24 MiB\. It goes on in a moment/).waitFor()
    await hurry()
    await proxy.set({})
    await expectPosted(name)
  })

  test('an upload goes on when the connection is back', async () => {
    const name = uniqueName()
    const proxy = await startFaultProxy(Number(new URL(me.site.url).port))
    onTestFinished(() => proxy.stop())
    await postSlowly(name, `http://127.0.0.1:${proxy.port}/`)
    await me.context.setOffline(true)
    proxy.resetConnections()
    await me.page.getByText(/Stopped at .* of 24 MiB\. It goes on when the connection is back\./).waitFor()
    await me.context.setOffline(false)
    await expectPosted(name)
  })

  test('a closed tab is no loss: the same file, chosen again, goes on', async () => {
    const name = uniqueName()
    await postSlowly(name)
    await me.page.close()
    me.page = await me.context.newPage()
    await me.open('/')
    await me.page.setInputFiles('#choose', noise)
    await me.page.getByText(/Its upload stopped at .* of 24 MiB\. Post resumes it/).waitFor()
    await me.page.click('#post')
    await expectPosted(name)
    expect(await me.page.evaluate(() => localStorage.getItem('uploads'))).toBe('[]')
  })

  test('with other options it begins anew, and has the options that were chosen', async () => {
    const name = uniqueName()
    await postSlowly(name)
    await me.page.close()
    me.page = await me.context.newPage()
    await me.open('/')
    await me.page.setInputFiles('#choose', noise)
    await me.page.getByText(/Its upload stopped at/).waitFor()
    expect(await me.page.inputValue('#slug')).toBe(name)
    await me.page.click('summary')
    await me.page.check('#burn')
    await me.page.click('#post')
    await me.page.waitForSelector('.address-field')
    const paste = await (await fetch(`${me.site.url}/api/v1/pastes/${name}`)).json()
    expect(paste.maxViews).toBe(1)
  })

  test('another file of the same name, size and date is not spliced on', async () => {
    const name = uniqueName()
    await postSlowly(name)
    await me.page.close()
    const { atime, mtime } = statSync(noise)
    const other = Buffer.from(bytes)
    other[0] = bytes.readUInt8(0) ^ 1
    writeFileSync(noise, other)
    utimesSync(noise, atime, mtime)
    onTestFinished(() => {
      writeFileSync(noise, bytes)
      utimesSync(noise, atime, mtime)
    })
    me.page = await me.context.newPage()
    await me.open('/')
    await me.page.setInputFiles('#choose', noise)
    await me.page.getByText('noise.bin').waitFor()
    await me.page.click('#post')
    await me.page.waitForSelector('.address-field')
    const slug = (await me.page.inputValue('.address-field')).split('/').at(-1) ?? ''
    expect(Buffer.from(await (await me.raw(slug)).arrayBuffer()).equals(other)).toBe(true)
  })

  test('a file can be sent from its beginning again, under another name', async () => {
    const [name, other] = [uniqueName(), uniqueName()]
    const hurry = await postSlowly(name)
    await me.page.reload()
    await hurry()
    await me.page.setInputFiles('#choose', noise)
    await me.page.getByRole('button', { name: 'Start over' }).click()
    await me.page.fill('#slug', other)
    await me.page.click('#post')
    await expectPosted(other)
    expect((await me.raw(name)).status).toBe(404)
  })

  test('an upload that is cancelled leaves nothing behind, and its name is free', async () => {
    const name = uniqueName()
    const hurry = await postSlowly(name)
    await me.page.click('#cancel')
    await me.page.getByText('Cancelled. Nothing was posted.').waitFor()
    const availability = async () => (await fetch(`${me.site.url}/api/v1/slugs/${name}`)).json()
    await expect.poll(availability).toMatchObject({ status: 'free' })
    expect(await me.page.evaluate(() => localStorage.getItem('uploads'))).toBe('[]')
    await hurry()
    await me.page.click('#post')
    await expectPosted(name)
  })
})
