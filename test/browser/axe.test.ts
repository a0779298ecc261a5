import axe from 'axe-core'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { patiently } from '../patience.ts'
import { whenService } from '../services/index.ts'
import { runFixture } from '../web/dashboards/run-fixture.ts'
import { startFigureSite } from './figure-site.ts'
import { numberedPaste, postBytes } from './large-paste.ts'
import { visitor } from './visitor.ts'

const PHONE = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true }
const LANES: [string, BrowserContextOptions][] = [
  ['in light colours', { colorScheme: 'light' }],
  ['in dark colours on a phone', { ...PHONE, colorScheme: 'dark' }],
]

/** Axe looks at every element there is, which takes seconds where the machine is busy. */
const PATIENCE = { timeout: patiently(90_000) }

/** What axe finds serious or worse on the page as it is: the rule, and where. */
async function findings(page: Page): Promise<string[]> {
  await page.evaluate(axe.source)
  const violations = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run(options: object): Promise<{ violations: Violation[] }> } }
    type Violation = { id: string; impact: string | null; nodes: { target: unknown[] }[] }
    return (await axe.run({ resultTypes: ['violations'] })).violations.map(({ id, impact, nodes }) => ({
      id,
      impact,
      where: nodes.map(({ target }) => target.join(' ')).slice(0, 5),
    }))
  })
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, where }) => `${id}: ${where.join(', ')}`)
}

whenService('chromium', () => {
  describe('axe finds nothing serious', PATIENCE, () => {
    const me = visitor()
    const create = async (options: string, body: string) => {
      const headers = { 'content-type': 'text/plain' }
      const answer = await fetch(`${me.site.url}/api/v1/pastes?${options}`, { method: 'POST', headers, body })
      return ((await answer.json()) as { slug: string }).slug
    }
    const visit = async (options: BrowserContextOptions, look: (page: Page) => Promise<void>) => {
      const context = await me.browser.newContext(options)
      await look(await context.newPage())
      await context.close()
    }

    test('because there is none, and not because it looks at nothing', () =>
      visit({}, async (page) => {
        await page.goto(`${me.site.url}/help`)
        await page.evaluate(() => document.querySelector('main')?.append(document.createElement('button')))
        expect(await findings(page)).toEqual([expect.stringMatching(/^button-name: /)])
      }))

    test.each(LANES)('on the form, the answer to a post, and the lists, %s', (_lane, options) =>
      visit(options, async (page) => {
        const found: Record<string, string[]> = {}
        await page.goto(me.site.url)
        await page.fill('#content', 'const a = 1\n')
        await page.locator('#more summary, details summary').first().click()
        found.form = await findings(page)
        await page.click('#post')
        await page.waitForSelector('.address-field')
        found.posted = await findings(page)
        await create('visibility=public&title=listed', 'x')
        for (const path of ['/mine', '/recent', '/help', '/api/docs']) {
          await page.goto(me.site.url + path, { waitUntil: 'load' })
          found[path] = await findings(page)
        }
        expect(clean(found)).toEqual({})
      }),
    )

    test.each(LANES)('on pastes, small and large, read once, gone, and unknown, %s', (_lane, options) =>
      visit(options, async (page) => {
        const small = await create('language=typescript', 'const a: string = "x" // why\n')
        const once = await create('burnAfterReading=true', 'secret')
        const large = await postBytes(me.site.url, numberedPaste().bytes, 'fileName=build.log')
        const found: Record<string, string[]> = {}
        for (const path of [`/${small}#L1`, `/mine/${small}`, `/${once}`, large, '/none-such', `/raw/${once}`]) {
          await page.goto(me.site.url + path, { waitUntil: 'load' })
          found[path] = await findings(page)
        }
        await page.goto(`${me.site.url}/${small}`)
        await page.click('#menu summary')
        await page.click('#keys')
        found.keys = await findings(page)
        expect(clean(found)).toEqual({})
      }),
    )

    test.each(LANES)('on the figures of a service that has just begun, %s', (_lane, options) =>
      visit(options, async (page) => {
        const run = runFixture()
        const found: Record<string, string[]> = {}
        for (const path of ['/performance', '/performance/runs', `/performance/runs/${run.id}`, '/stats']) {
          await page.goto(me.site.url + path, { waitUntil: 'load' })
          found[path] = await findings(page)
        }
        expect(clean(found)).toEqual({})
      }),
    )
  })

  describe('axe finds nothing serious on pages full of figures', PATIENCE, () => {
    const me = visitor(startFigureSite)

    test.each(LANES)('%s', async (_lane, options) => {
      const context = await me.browser.newContext(options)
      const page = await context.newPage()
      const found: Record<string, string[]> = {}
      for (const path of ['/performance?range=5m', '/performance/runs', '/compare', '/run', '/stats', '/views']) {
        await page.goto(me.site.url + path, { waitUntil: 'load' })
        const tables = page.locator('details.figures > summary')
        if ((await tables.count()) > 0) await tables.first().click()
        found[path] = await findings(page)
      }
      await context.close()
      expect(clean(found)).toEqual({})
    })
  })
})

function clean(found: Record<string, string[]>): Record<string, string[]> {
  return Object.fromEntries(Object.entries(found).filter(([, list]) => list.length > 0))
}
