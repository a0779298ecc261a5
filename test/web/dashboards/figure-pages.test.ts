import { describe, expect, test } from 'vitest'
import { compareRuns, type Run } from '../../../src/analytics/index.ts'
import { renderPerformancePage } from '../../../src/web/dashboards/performance-page.ts'
import { renderRunPage } from '../../../src/web/dashboards/run-page.ts'
import { renderComparisonPage } from '../../../src/web/dashboards/runs-compare-page.ts'
import { renderRunsPage } from '../../../src/web/dashboards/runs-page.ts'
import { renderPasteViews, renderStatsPage } from '../../../src/web/dashboards/stats-page.ts'
import { loadAssets } from '../../../src/web/page/assets.ts'
import { patiently } from '../../patience.ts'
import { emptyPerformance, performanceFixture } from './performance-fixture.ts'
import { runFixture } from './run-fixture.ts'
import { pasteStatsFixture, systemStatsFixture } from './stats-fixture.ts'

const limits = { maxPasteBytes: 1, minExpiryMs: 1, maxExpiryMs: null, defaultExpiryMs: null, create: 'anyone' } as const
const site = { brandName: 'Paste', assets: loadAssets(), publicUrl: () => '', base: '', limits }
const NOW = Date.UTC(2026, 10, 23, 14, 5)
const performancePage = (...given: Parameters<typeof performanceFixture>) =>
  renderPerformancePage(site, performanceFixture(...given), NOW)
const repetitions = (name: string, speed: number) => [1, 2, 3, 4, 5].map((seed) => runFixture({ name, seed, speed }))
const comparison = (a: Run[], b: Run[]) =>
  renderComparisonPage(site, { a: { name: 'A', runs: a }, b: { name: 'B', runs: b }, comparison: compareRuns(a, b) })

describe('the page of the recordings', () => {
  test('weighs at most 150 KB, whatever the range and however many replicas', () => {
    for (const range of ['5m', '1h', '6h', '24h', '7d', '30d'] as const)
      for (const replicas of [1, 3, 10, 30]) {
        const bytes = Buffer.byteLength(performancePage(range, { replicas }))
        expect(bytes, `${range} with ${replicas} replicas`).toBeLessThanOrEqual(150_000)
      }
  })
  test('is made in 50 ms once it was made before', () => {
    const given = performanceFixture('24h', { replicas: 10 })
    const times = Array.from({ length: 8 }, () => {
      const began = process.cpuUsage()
      renderPerformancePage(site, given, NOW)
      return process.cpuUsage(began).user / 1_000
    })
    expect(Math.min(...times)).toBeLessThan(patiently(50))
  })
  test('gives each plot a table with a caption, a head for each column and one for each row', () => {
    const html = performancePage('1h')
    const figures = html.match(/<figure[\s\S]*?<\/figure>/g) ?? []
    expect(figures.length).toBeGreaterThanOrEqual(15)
    for (const figure of figures) {
      expect(figure).toMatch(/<caption class="unseen">[^<]+<\/caption>/)
      expect(figure.match(/<th scope=row>/g)).toHaveLength(60)
      expect(figure.match(/<th scope=col>/g)?.length).toBe((figure.match(/<li class="tone-/g)?.length ?? 0) + 1)
    }
  })
  test('shows a gap where nothing was recorded', () => {
    const html = performancePage('1h')
    const rate = /id="requests-rate"[\s\S]*?<path class="line[^>]* d="([^"]+)"/.exec(html)?.[1] ?? ''
    expect(rate.split('M')).toHaveLength(3)
    expect(html).toContain('<td>–')
  })
  test('says so when nothing is recorded yet', () => {
    const html = renderPerformancePage(site, emptyPerformance('5m'), NOW)
    expect(html).toContain('Nothing is recorded yet.')
    expect(html).toContain('No data in this range')
    expect(html).not.toMatch(/NaN|undefined|Infinity/)
  })
  test('tells up to three replicas one by one, of more the least and the most', () => {
    expect(performancePage('1h', { replicas: 3 })).toContain('<span class="name">app-3</span>')
    const many = performancePage('1h', { replicas: 10 })
    expect(many).not.toContain('<span class="name">app-3</span>')
    expect(many).toContain('<span class="name">least</span>')
    expect(many.match(/class="thin/g)?.length).toBeGreaterThanOrEqual(80)
  })
  test('draws more than twelve replicas as the band that they keep to', () => {
    const html = performancePage('1h', { replicas: 13 })
    expect(html).not.toContain('class="thin')
    expect(html).toMatch(/id="replicas-cpuShare"[\s\S]*?class="band tone-outer"/)
  })
  test('escapes what a replica or a route is called', () => {
    const given = performanceFixture('1h')
    const [replica] = given.perReplica
    const [route] = given.routes
    if (replica) replica.name = '<img src=x>'
    if (route) route.route = 'GET /"><script>'
    const html = renderPerformancePage(site, given, NOW)
    expect(html).not.toContain('<img src=x>')
    expect(html).not.toContain('"><script>')
  })
})

describe('the pages of the lab’s runs', () => {
  test('say how to make one where there is none', () => {
    expect(renderRunsPage(site, [])).toContain('npm run lab')
  })
  test('name the verdict of a comparison, and what was at its limit', () => {
    const html = comparison(repetitions('before', 1), repetitions('after', 1.5))
    expect(html).toMatch(/B is faster in \d+ and slower in 0 of \d+ figures/)
    expect(html).toContain('first at its limit: mariadb cpu')
    expect(html).toContain('verdict-faster')
  })
  test('call equal systems noise, and few repetitions too', () => {
    expect(comparison(repetitions('a', 1), repetitions('b', 1))).toContain('Noise: no figure differs for sure.')
    expect(comparison([runFixture()], [runFixture({ speed: 2 })])).toContain('fewer than five runs')
  })
  test('leave void runs out and say so', () => {
    const html = comparison(repetitions('a', 1), [runFixture({ isVoid: true })])
    expect(html).toContain('one side has no run that counts')
    expect(html).toContain('1 void run left out')
  })
  test('show a run with its claims, its profile and what the service recorded', () => {
    const html = renderRunPage(site, runFixture({ seed: 2, isVoid: true }), performanceFixture('1h'))
    expect(html).toContain('This run does not count: the generator lagged by 240 ms')
    expect(html).toContain('<b class="danger">Fails</b>: No answer took longer than 10 s.')
    expect(html).toContain('name: zipf')
    expect(html).toContain('What the service recorded meanwhile')
    expect(html).not.toMatch(/NaN|undefined|Infinity/)
  })
  test('show a run of nothing without making something up', () => {
    const run = { ...runFixture(), steps: [], knee: null, claims: [], recordings: null }
    const html = renderRunPage(site, run, null)
    expect(html).toContain('Its knee was not reached')
    expect(html).not.toMatch(/NaN|undefined|Infinity/)
  })
})

describe('the pages of views', () => {
  test('tell views, visitors and where they came from', () => {
    const html = renderPasteViews(pasteStatsFixture(), NOW)
    expect(html).toContain('chat.example')
    expect(html).toContain('Germany')
    expect(html).toContain('2 min ago')
  })
  test('draw a paste of today with a bar as wide as that of a day', () => {
    const html = renderPasteViews(pasteStatsFixture('today', 1), NOW)
    const byDay = /id="views-days"[\s\S]*?<\/figure>/.exec(html)?.[0] ?? ''
    expect(byDay.match(/<tr><th scope=row>/g)).toHaveLength(14)
    expect(byDay).toMatch(/<th scope=row>10 Nov<td>–<td>–<td>–/)
    expect(byDay).toContain('data-steps="14"')
  })
  test('say that nobody came, and draw nothing', () => {
    const none = {
      views: 0,
      pageViews: 0,
      rawViews: 0,
      botViews: 0,
      uniqueVisitors: 0,
      firstViewAt: null,
      lastViewAt: null,
    }
    const html = renderPasteViews({ ...pasteStatsFixture(), ...none, referrers: [], countries: [] }, NOW)
    expect(html).toContain('Nobody opened it yet.')
    expect(html).not.toContain('<figure')
  })
  test('tell what the service holds, also while it is being counted', () => {
    expect(renderStatsPage(site, systemStatsFixture())).toContain('41,203')
    expect(renderStatsPage(site, { ...systemStatsFixture(), pastes: null })).toContain('being counted')
  })
})
