import { describe, expect, test } from 'vitest'
import { expiryChoices } from '../../../src/web/form/expiry-choices.ts'
import { renderFormPage } from '../../../src/web/form/form-page.ts'
import { languageOf, languageOfFile } from '../../../src/web/highlight/languages.ts'
import { createProblemPages, pageSecurityHeaders } from '../../../src/web/index.ts'
import { loadAssets } from '../../../src/web/page/assets.ts'

const DAY = 86_400_000
const limits = {
  maxPasteBytes: 52_428_800,
  minExpiryMs: 10_000,
  maxExpiryMs: null,
  defaultExpiryMs: DAY,
  create: 'anyone',
} as const
const site = {
  brandName: 'Paste & Co',
  assets: loadAssets(),
  publicUrl: () => 'https://paste.example',
  base: '',
  limits,
}
const renderProblemPage = createProblemPages(site.brandName, '')

describe('pages', () => {
  test('no page has an inline script, style or handler', () => {
    for (const html of [
      renderFormPage(site),
      renderProblemPage({ status: 404, code: 'not_found', title: 'Not found', detail: 'Not found', requestId: 'r' }),
    ]) {
      expect(html).not.toMatch(/<script(?![^>]*\bsrc=)/)
      expect(html).not.toMatch(/<style|\sstyle=|\son[a-z]+=/)
    }
  })
  test('what a user wrote is escaped', () => {
    const html = renderFormPage(site, { content: '</textarea><script>', title: '"><img>', problem: '<b>' })
    expect(html).not.toContain('<script>')
    expect(html).not.toContain('<img>')
    expect(html).not.toContain('<b>')
  })
  test('a form that comes back keeps what was typed, its first empty line included', () => {
    expect(renderFormPage(site, { content: '\nsecond' })).toContain('\n\nsecond</textarea>')
  })
  test('a problem page says why in words', () => {
    const problem = {
      status: 410,
      code: 'deleted',
      title: 'This paste was deleted',
      detail: 'This paste was deleted',
      requestId: 'r-1',
    }
    const html = renderProblemPage(problem)
    expect(html).toContain('Whoever holds its edit token deleted it.')
    expect(html).toContain('Paste &#38; Co')
  })
  test('only a service with TLS pins TLS', () => {
    expect(pageSecurityHeaders('https://paste.example')['content-security-policy']).toContain(
      'upgrade-insecure-requests',
    )
    expect(pageSecurityHeaders('http://10.0.0.5:3000')['content-security-policy']).not.toContain('upgrade')
    expect(pageSecurityHeaders('http://10.0.0.5:3000')['strict-transport-security']).toBeUndefined()
  })
})

describe('expiry choices', () => {
  test('stay within the limits, with the default chosen', () => {
    const choices = expiryChoices({ ...limits, maxExpiryMs: 7 * DAY, defaultExpiryMs: 3 * DAY })
    expect(choices.map(({ value }) => value)).toEqual(['10m', '1h', '1d', '259200s', '7d'])
    expect(choices.filter(({ chosen }) => chosen).map(({ label }) => label)).toEqual(['in 3 days'])
  })
  test('offer "never" only where there is no longest expiry', () => {
    expect(expiryChoices(limits).at(-1)?.value).toBe('never')
  })
})

describe('languages', () => {
  test('are known by name, alias and file ending', () => {
    expect([languageOf('PY'), languageOf('c++'), languageOf('ada'), languageOf('a b')]).toEqual([
      'python',
      'cpp',
      'ada',
      undefined,
    ])
    expect([languageOfFile('Makefile'), languageOfFile('a.test.ts'), languageOfFile('notes')]).toEqual([
      'makefile',
      'typescript',
      undefined,
    ])
  })
})
