import { compareRuns, type Range, type Run } from '../../src/analytics/index.ts'
import { renderPerformancePage } from '../../src/web/dashboards/performance-page.ts'
import { renderRunPage } from '../../src/web/dashboards/run-page.ts'
import { renderComparisonPage } from '../../src/web/dashboards/runs-compare-page.ts'
import { renderRunsPage } from '../../src/web/dashboards/runs-page.ts'
import { renderPasteViews, renderStatsPage } from '../../src/web/dashboards/stats-page.ts'
import { renderViewsPage } from '../../src/web/dashboards/views-page.ts'
import type { Site as PageSite } from '../../src/web/page/layout.ts'
import { emptyPerformance, performanceFixture } from '../web/dashboards/performance-fixture.ts'
import { runFixture } from '../web/dashboards/run-fixture.ts'
import { pasteStatsFixture, systemStatsFixture } from '../web/dashboards/stats-fixture.ts'
import { startRenderedSite } from './rendered-site.ts'

const NOW = Date.UTC(2026, 10, 23, 14, 5)
const repetitions = (name: string, speed: number) => [1, 2, 3, 4, 5].map((seed) => runFixture({ name, seed, speed }))
const summaryOf = ({ profile, system, ...run }: Run) => ({
  ...run,
  ...system,
  profile: profile.name,
  bestPerSecond: 2_000,
})

/** The pages of figures, full: `/performance?range=&replicas=&empty`, `/performance/runs`, `/compare`, `/run`, `/stats`, `/views`. */
export const startFigureSite = () =>
  startRenderedSite((site: PageSite, { pathname, searchParams }) => {
    const range = (searchParams.get('range') ?? '1h') as Range
    const replicas = Number(searchParams.get('replicas') ?? 3)
    const [before, after] = [repetitions('before', 1), repetitions('after', 1.3)]
    switch (pathname) {
      case '/':
      case '/performance':
        return renderPerformancePage(
          site,
          searchParams.has('empty') ? emptyPerformance(range) : performanceFixture(range, { replicas }),
          NOW,
        )
      case '/performance/runs':
        return renderRunsPage(site, [...after, ...before, runFixture({ seed: 9, isVoid: true })].map(summaryOf))
      case '/compare':
        return renderComparisonPage(site, {
          a: { name: 'before', runs: before },
          b: { name: 'after', runs: after },
          comparison: compareRuns(before, after),
        })
      case '/run':
        return renderRunPage(site, runFixture(), performanceFixture('5m'))
      case '/stats':
        return renderStatsPage(site, systemStatsFixture())
      case '/views':
        return renderViewsPage(site, 'build-log', renderPasteViews(pasteStatsFixture(), NOW))
      default:
        return undefined
    }
  })
