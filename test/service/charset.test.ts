import { assert, asyncProperty, constantFrom, integer } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encode } from '../content/charset/encode.ts'
import { onBothLanes } from './support/lanes.ts'
import { raw } from './support/message.ts'
import { useService } from './support/service.ts'

const LINES = Array.from({ length: 400 }, (_, at) => `${at} ERROR Ошибка соединения с базой данных\r\n`)
const TEXT = LINES.join('')
const CHARSETS = ['windows-1251', 'koi8-r', 'utf-16le', 'utf-16be'] as const

onBothLanes('a text that is no UTF-8', (service) => {
  const slugs = new Map<string, string>()
  const bytesOf = (charset: string) => encode(charset.startsWith('utf-16') ? `\ufeff${TEXT}` : TEXT, charset)
  const slugOf = async (charset: string) => {
    const slug = slugs.get(charset) ?? (await service.ask(raw(bytesOf(charset)))).json().slug
    slugs.set(charset, slug)
    return slug
  }

  test.for(CHARSETS)('of %s comes back byte for byte, and says its charset', async (charset) => {
    const answer = await service.request(`GET /raw/${await slugOf(charset)}`)
    expect(answer.headers['content-type']).toBe(`text/plain; charset=${charset}`)
    expect(answer.body.equals(bytesOf(charset))).toBe(true)
  })

  test('has its lines sent as UTF-8, no character cut', async () => {
    await assert(
      asyncProperty(
        constantFrom(...CHARSETS),
        integer({ min: 1, max: 400 }),
        integer({ min: 0, max: 50 }),
        async (charset, first, more) => {
          const last = Math.min(first + more, 400)
          const answer = await service.request(`GET /raw/${await slugOf(charset)}?lines=${first}-${last}`)
          expect(answer.headers).toMatchObject({
            'content-type': 'text/plain; charset=utf-8',
            'content-lines': `${first}-${last}/400`,
          })
          expect(answer.text()).toBe(LINES.slice(first - 1, last).join(''))
        },
      ),
      { numRuns: 25 },
    )
  })

  test.for(CHARSETS)('of %s is searched and its end is read', async (charset) => {
    const path = `/raw/${await slugOf(charset)}`
    expect((await service.request(`GET ${path}?tail=2`)).text()).toBe(LINES.slice(-2).join(''))
    const found = await service.request(`GET ${path}?grep=${encodeURIComponent('399 error ошибка')}&ignoreCase=true`)
    expect(found.text()).toBe(`400:${LINES[399]?.replace('\r\n', '\r')}\n`)
  })
})

describe('the charset of an address', () => {
  const service = useService()
  const post = async (bytes: Buffer) => (await service.ask(raw(bytes))).json().slug as string

  test('is what lines and searches are read in', async () => {
    const slug = await post(encode('Привет, мир! Это обычный текст на русском языке.\n', 'windows-1251'))
    const answer = await service.request(`GET /raw/${slug}?lines=1&charset=koi8-r`)
    expect(answer.text()).toBe('оПХБЕР, ЛХП! щРН НАШВМШИ РЕЙЯР МЮ ПСЯЯЙНЛ ЪГШЙЕ.\n')
    expect(answer.headers.etag).not.toBe((await service.request(`GET /raw/${slug}?lines=1`)).headers.etag)
  })

  test('is an error where it can not be honoured', async () => {
    const slug = await post(Buffer.from('plain\n'))
    for (const query of ['charset=koi8-r', 'lines=1&charset=utf-7', 'lines=1&charset=utf-16le', 'tail=1&charset=']) {
      const answer = await service.request(`GET /raw/${slug}?${query}`)
      expect([answer.status, answer.json().code, answer.json().pointer], query).toEqual([
        422,
        'validation_failed',
        '/charset',
      ])
    }
  })

  test('is offered by the page, which shows the text', async () => {
    const slug = await post(encode('Le garçon a été élevé à la façon «moderne».\n', 'windows-1252'))
    const page = async (query = '') => (await service.request(`GET /${slug}${query}`, { Accept: 'text/html' })).text()
    expect(await page()).toContain('Read as Windows-1252 · ')
    expect(await page()).toContain('garçon a été')
    expect(await page()).toContain(`href="/${slug}?charset&#61;windows-1251"`)
    expect(await page('?charset=windows-1251')).toContain('gar\u0437on')
    expect(await page('?charset=no-such')).toContain('garçon a été')
  })

  test('is not named by the page of plain UTF-8, which has no damage', async () => {
    const page = await service.request(`GET /${await post(Buffer.from('naïve\n'))}`, { Accept: 'text/html' })
    expect(page.text()).not.toContain('Read as')
  })

  test('does not matter to a log with some bad bytes, which are counted', async () => {
    const log = Buffer.from(`${'12:00 GET / 200\n'.repeat(50)}12:01 \xff\xfe 500\n`, 'latin1')
    const slug = await post(log)
    const page = (await service.request(`GET /${slug}`, { Accept: 'text/html' })).text()
    expect(page).toContain('12:01 \ufffd\ufffd 500')
    expect(page).toContain('2 characters can’t be read')
    expect((await service.request(`GET /raw/${slug}?grep=500`)).text()).toBe('51:12:01 \ufffd\ufffd 500\n')
  })
})
