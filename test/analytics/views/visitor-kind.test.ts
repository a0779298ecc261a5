import type { FastifyRequest } from 'fastify'
import { describe, expect, test } from 'vitest'
import { createCollector, type Happening } from '../../../src/analytics/events/collect.ts'
import { countryOf, loadIsBot, referrerHost } from '../../../src/analytics/views/visitor-kind.ts'

describe('who views', () => {
  test.each([
    ['Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)', true],
    ['Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)', true],
    ['python-requests/2.32.0', true],
    ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', false],
    ['curl/8.5.0', false],
    ['Wget/1.21.4', false],
    ['Mozilla/5.0 (Windows NT; Windows NT 10.0; en-US) WindowsPowerShell/5.1', false],
    ['', false],
  ])('%s is a bot: %s', async (userAgent, expected) => {
    expect((await loadIsBot())(userAgent)).toBe(expected)
  })

  test.each([
    ['https://News.Example/item?id=1', 'news.example'],
    ['http://user:secret@a.example:8080', 'a.example'],
    ['https://paste.example/other', null],
    ['http://192.0.2.1/', null],
    ['http://[2001:db8::1]/', null],
    ['android-app://com.example', null],
    ['https://<script>/', null],
    [undefined, null],
  ])('of the referrer %s the host %s is kept', (referrer, expected) => {
    expect(referrerHost(referrer, 'paste.example')).toBe(expected)
  })

  test.each([
    ['DE', 'DE'],
    ['T1', 'T1'],
    ['XX', null],
    ['de', null],
    ['DEU', null],
    [['DE', 'FR'], null],
    [undefined, null],
  ])('a country said as %s is %s', (said, expected) => {
    expect(countryOf(said)).toBe(expected)
  })
})

describe('what is noted of a request', () => {
  const noted = (request: object, countryHeader?: string) => {
    const notes: Happening[] = []
    const take = (happening: Happening) => notes.push(happening) > 0
    const collector = createCollector({ clock: { now: () => 0 }, countryHeader, take, forget() {} })
    const paste = { slug: 'hello', visibility: 'public', maxViews: null, content: { sizeBytes: 1 } } as const
    collector.happened('view', 'raw', paste, request as unknown as FastifyRequest)
    return { note: notes[0], lost: collector.lost() }
  }
  const request = (ip: string, headers: object) => ({ ip, raw: { headers, socket: { remoteAddress: '10.0.0.1' } } })

  test('a country is believed only of a proxy whose word about the address is', () => {
    const headers = { 'cf-ipcountry': 'DE' }
    expect(noted(request('192.0.2.1', headers), 'cf-ipcountry').note?.country).toBe('DE')
    expect(noted(request('10.0.0.1', headers), 'cf-ipcountry').note?.country).toBeUndefined()
    expect(noted(request('192.0.2.1', headers)).note?.country).toBeUndefined()
  })

  test('of endless headers only the beginning is kept', () => {
    const endless = 'x'.repeat(16_000)
    const { note } = noted(request('192.0.2.1', { 'user-agent': endless, referer: endless }))
    expect([note?.userAgent.length, note?.referrer?.length]).toEqual([512, 512])
  })

  test('whatever is wrong with it, the answer does not fail for it', () => {
    expect(noted({ ip: '192.0.2.1' })).toEqual({ note: undefined, lost: 1 })
  })
})
