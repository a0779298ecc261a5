import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { create, json, logText, send, sendJson, until } from '../../blackbox/client.ts'
import { type Cluster, startCluster } from '../../cluster/cluster.ts'
import { patiently } from '../../patience.ts'
import { type PrometheusServer, startPrometheus, whenService } from '../../services/index.ts'
import { dashboardQueries, metricsIn, quickened, RULE_FILES, read } from './configuration.ts'

const REPLICAS = 3

/** A broker that is away: events wait for it, and nobody else does. */
const NOBODY_THERE = { KAFKA_BROKERS: '127.0.0.1:9' }

/** What the service shows only where something of it is embedded or limited, or once V8 has collected garbage. */
const ELSEWHERE = /^paste_(disk_\w+|memory_limit)_bytes$|^nodejs_gc_duration_seconds/

/** What there is only where something is wrong, and {@link ELSEWHERE}. */
const MAY_BE_EMPTY = /status="5xx"|outcome="failed"|changes\(|ALERTS|paste_disk|paste_memory_limit|nodejs_gc/

type Targets = { activeTargets: { health: string; labels: Record<string, string>; lastError: string }[] }
type Rules = { groups: { rules: { name: string; health: string; lastError?: string }[] }[] }
type Alerts = { alerts: { state: string; labels: Record<string, string> }[] }

whenService(['sql', 's3', 'redis', 'nginx', 'prometheus'], (servers) => {
  describe('a real Prometheus over three replicas', { timeout: patiently(60_000) }, () => {
    let cluster: Cluster
    let prometheus: PrometheusServer
    beforeAll(async () => {
      cluster = await startCluster(servers, REPLICAS, NOBODY_THERE)
      const targets = cluster.replicas.map(({ directUrl }) => new URL(directUrl).host)
      prometheus = await startPrometheus(quickened(targets))
      const seen = 'count(rate(paste_http_request_duration_seconds_count{route="/raw/:slug"}[1m]) > 0) >= 3'
      await until(
        async () => {
          await useEverything(cluster.url)
          return prometheus.query(seen)
        },
        ([all]) => all !== undefined,
        60_000,
      )
    }, 120_000)
    afterAll(async () => {
      await prometheus?.stop()
      await cluster?.stop()
    }, 60_000)

    test('every replica is scraped, as OpenMetrics, and nothing in it is refused', async () => {
      const targets = async () => ((await prometheus.ask('targets?state=active')) as Targets).activeTargets
      const active = await until(targets, (list) => list.every(({ health }) => health === 'up'))
      expect(active.map(({ lastError }) => lastError)).toEqual(Array.from({ length: REPLICAS }, () => ''))
      const { headers } = await send(`${cluster.replicas[0]?.directUrl}/metrics`, {
        headers: { accept: 'application/openmetrics-text;version=1.0.0' },
      })
      expect(headers.get('content-type')).toContain('application/openmetrics-text')
    })

    test('promtool finds nothing to complain of in the names and helps of the figures', async () => {
      const { bytes } = await send(`${cluster.replicas[0]?.directUrl}/metrics`)
      const check = promisify(execFile)('promtool', ['check', 'metrics'])
      check.child.stdin?.end(bytes)
      expect(await check).toEqual({ stdout: '', stderr: '' })
    })

    test('every rule is loaded and can be evaluated', async () => {
      const { groups } = (await prometheus.ask('rules')) as Rules
      const rules = groups.flatMap((group) => group.rules)
      expect(rules.length).toBeGreaterThan(25)
      for (const rule of rules) expect(rule).toMatchObject({ health: expect.stringMatching(/^(ok|unknown)$/) })
      expect(rules.filter(({ health, lastError }) => health === 'err' || lastError)).toEqual([])
    })

    test('a quantile is over all of them', async () => {
      const buckets = 'rate(paste_http_request_duration_seconds_bucket{route="/raw/:slug"}[1m])'
      const [p99] = await prometheus.query(`histogram_quantile(0.99, sum by (le) (${buckets}))`)
      expect(p99?.value).toBeGreaterThan(0)
      expect(p99?.value).toBeLessThan(10)
      const counts = await prometheus.query('paste_http_request_duration_seconds_count{route="/raw/:slug"}')
      expect(new Set(counts.map(({ metric }) => metric.instance)).size).toBe(REPLICAS)
    })

    test('exemplars lead to requests', async () => {
      const query = encodeURIComponent('paste_http_request_duration_seconds_bucket{route="/raw/:slug"}')
      const now = Date.now() / 1_000
      const found = (await prometheus.ask(`query_exemplars?query=${query}&start=${now - 300}&end=${now + 60}`)) as {
        exemplars: { labels: Record<string, string>; value: string }[]
      }[]
      expect(found.length).toBeGreaterThan(0)
      for (const { exemplars } of found)
        for (const { labels, value } of exemplars) {
          expect(labels.request_id).toMatch(/^[\w.-]{8,64}$/)
          expect(Number(value)).toBeGreaterThan(0)
        }
    })

    test('the dashboard and the rules name nothing that the service does not show', async () => {
      const shown = new Set((await prometheus.ask('label/__name__/values')) as string[])
      const rules = RULE_FILES.map(read)
      const recorded = rules.flatMap((text) => [...text.matchAll(/record: (\S+)/g)].map(([, name = '']) => name))
      const expressions = rules.flatMap((text) => [...text.matchAll(/expr: (?:>-\n)?([\s\S]*?)\n {6,8}\w+:/g)])
      const named = [
        ...dashboardQueries().flatMap(({ expression }) => metricsIn(expression)),
        ...expressions.flatMap(([, expression = '']) => metricsIn(expression)),
      ]
      expect(named.length).toBeGreaterThan(60)
      for (const name of recorded) shown.add(name)
      expect([...new Set(named)].filter((name) => !shown.has(name) && !ELSEWHERE.test(name))).toEqual([])
    })

    test('every panel has something to show', async () => {
      const empty: string[] = []
      for (const { title, expression } of dashboardQueries()) {
        const found = await prometheus.query(expression)
        if (found.length === 0 && !MAY_BE_EMPTY.test(expression)) empty.push(`${title}: ${expression}`)
      }
      expect(empty).toEqual([])
    })

    test('an alert fires when a replica is killed, and ends when it is back', async () => {
      const replica = cluster.replicas[1]
      const instance = new URL(replica?.directUrl ?? '').host
      const firing = async () => {
        const { alerts } = (await prometheus.ask('alerts')) as Alerts
        return alerts.filter(({ state, labels }) => state === 'firing' && labels.alertname === 'PasteReplicaDown')
      }
      await until(firing, (alerts) => alerts.length === 0, 30_000)
      await replica?.kill('SIGKILL')
      const [alert] = await until(firing, (alerts) => alerts.length === 1, 30_000)
      expect(alert?.labels).toMatchObject({ instance, job: 'paste', severity: 'ticket' })
      await replica?.restart()
      await until(firing, (alerts) => alerts.length === 0, 30_000)
    })
  })
})

/** A little of what users do, so that every figure has something to show. */
async function useEverything(url: string): Promise<void> {
  const { slug, rawUrl } = await create(url, 'small')
  const large = await create(url, logText(200_000))
  const once = json<{ slug: string }>(
    await sendJson(`${url}/api/v1/pastes`, 'POST', { content: 'once', burnAfterReading: true, expiresIn: 1 }),
  )
  await Promise.all([
    ...Array.from({ length: 6 }, () => send(rawUrl)),
    ...Array.from({ length: 3 }, () => send(`${url}/${slug}`, { headers: { accept: 'text/html' } })),
    send(large.rawUrl),
    send(`${url}/api/v1/pastes/${slug}`),
    send(`${url}/api/v1/pastes/no-such-paste`),
    send(`${url}/api/v1/pastes/${once.slug}/claim`, { method: 'POST' }),
  ])
}
