import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Site, startSite } from '../browser/site.ts'

const BROWSER = { accept: 'text/html', 'accept-encoding': 'identity' }
const LINES = 10_000
const text = (line: number) => `line ${line} of a text that is long enough`
const numbered = Array.from({ length: LINES }, (_, index) => `${text(index + 1)}\n`).join('')

describe('the page of a large paste', () => {
  let site: Site
  beforeAll(async () => {
    site = await startSite()
  })
  afterAll(() => site.stop())

  const create = async (body: string, query = '') => {
    const headers = { 'content-type': 'text/plain' }
    const answer = await fetch(`${site.url}/api/v1/pastes?${query}`, { method: 'POST', headers, body })
    return `/${((await answer.json()) as { slug: string }).slug}`
  }
  const page = async (path: string) => (await fetch(site.url + path, { headers: BROWSER })).text()
  const numbersOf = (html: string) => [...html.matchAll(/ data-line="(\d+)"/g)].map(([, number]) => Number(number))
  const ends = (html: string) => [numbersOf(html).at(0), numbersOf(html).at(-1)]

  test('holds a thousand lines, from the one that the address names', async () => {
    const path = await create(numbered)
    expect(ends(await page(path))).toEqual([1, 1_000])
    expect(ends(await page(`${path}?from=1001`))).toEqual([1_001, 2_000])
    expect(ends(await page(`${path}?from=9500`))).toEqual([9_500, LINES])
    expect(await page(`${path}?from=4711`)).toContain(`data-line="4711">${text(4_711)}\n</span>`)
  })
  test('of a private paste is stored by no cache, nor is the form with its text', async () => {
    const path = await create('secret', 'visibility=private')
    for (const address of [path, `/?from=${path.slice(1)}`])
      expect((await fetch(site.url + address, { headers: BROWSER })).headers.get('cache-control')).toBe('no-store')
  })
  test('takes what is no line for the nearest one', async () => {
    const path = await create(numbered)
    for (const [from, first] of [
      ['0', 1],
      ['x', 1],
      ['-5', 1],
      ['99999', LINES],
      ['1&from=2', 1],
    ] as const)
      expect(numbersOf(await page(`${path}?from=${from}`))[0], from).toBe(first)
  })
  test('is short whatever its lines are', async () => {
    const oneLine = await page(await create('x'.repeat(3 * 1024 * 1024)))
    expect(oneLine.length).toBeLessThan(30_000)
    expect(oneLine).toContain('>show all</a>')
    const longLines = await page(await create(`${'y'.repeat(100_000)}\n`.repeat(50)))
    expect(ends(longLines)).toEqual([1, 2])
    expect(longLines.length).toBeLessThan(30_000)
    expect(longLines).toContain('show all 100,000 characters')
    expect(ends(await page(await create('\n'.repeat(1_000_000))))).toEqual([1, 1_000])
  })
  test('keeps the language of its address from page to page', async () => {
    const path = await create(numbered)
    const html = (await page(`${path}.py?from=3001`)).replaceAll('&#61;', '=')
    expect(html).toContain('data-language="python"')
    for (const from of ['2001', '4001', '9001']) expect(html).toContain(`href="${path}.py?from=${from}"`)
    expect(html).toContain(`<a class="button quiet" href="${path}.py">First</a>`)
    expect(html).toMatch(/data-grammars="[^"]*\/assets\/grammar-python\./)
  })
  test('is another one for each line that is asked for, and answers 304 each', async () => {
    const path = await create(numbered)
    const ask = (from: number, etag = '') =>
      fetch(`${site.url}${path}?from=${from}`, { headers: { ...BROWSER, 'if-none-match': etag } })
    const tags = await Promise.all([1, 2].map(async (from) => (await ask(from)).headers.get('etag') ?? ''))
    expect(tags[0]).not.toBe(tags[1])
    expect((await ask(2, tags[1])).status).toBe(304)
    expect((await ask(1, tags[1])).status).toBe(200)
  })
  test('has no inline script, style or handler', async () => {
    const html = await page(await create(numbered))
    expect(html).not.toMatch(/<script(?![^>]*\bsrc=)/)
    expect(html).not.toMatch(/<style|\sstyle=|\son[a-z]+=/)
  })
  test('is all of the text as long as it is small', async () => {
    const html = await page(await create(numbered.slice(0, 100_000)))
    expect(numbersOf(html)).toEqual([])
    expect(html).toContain('id="L2000"')
  })
})
