import { execFile } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { DASHBOARD } from '../../../config/monitoring/dashboard.ts'
import { patiently } from '../../patience.ts'
import { whenService } from '../../services/index.ts'
import { dashboard, MONITORING, RULE_FILES, read } from './configuration.ts'

type Alert = { alert?: string; labels?: Record<string, string>; annotations?: Record<string, string> }
type RuleFile = { groups: { rules: Alert[] }[] }

const UNIT_TESTS = fileURLToPath(new URL('./rules', import.meta.url))
const unitTests = readdirSync(UNIT_TESTS).map((name) => join(UNIT_TESTS, name))
const ALERTS = (parse(read('rules/alerts.yaml')) as RuleFile).groups.flatMap(({ rules }) => rules)

whenService('prometheus', () => {
  const promtool = (...args: string[]) => promisify(execFile)('promtool', args)

  describe('promtool', { timeout: patiently(60_000) }, () => {
    test('takes the configuration for compose', async () => {
      await promtool('check', 'config', '--syntax-only', join(MONITORING, 'compose/prometheus.yml'))
    })

    test('takes the configuration, and the rules that it names', async () => {
      const { stdout } = await promtool('check', 'config', join(MONITORING, 'prometheus.yml'))
      expect(stdout).toContain(`${RULE_FILES.length} rule files found`)
    })

    test('finds nothing to complain of in the rules', async () => {
      await promtool('check', 'rules', '--lint-fatal', ...RULE_FILES.map((name) => join(MONITORING, name)))
    })

    test('sees every alert fire when it should, and not when it should not', async () => {
      await promtool('test', 'rules', ...unitTests)
    })

    // Debian's Prometheus is built without Kubernetes: of that, what is done with the pods' names.
    test.each(['authorization', 'dns_sd_configs', 'relabel_configs', 'alerting'])(
      'takes the configuration with %s, which is a comment',
      async (block) => {
        const folder = await mkdtemp(join(tmpdir(), 'pastebin-prometheus-'))
        writeFileSync(join(folder, 'prometheus.yml'), uncommented(block))
        await promtool('check', 'config', '--syntax-only', join(folder, 'prometheus.yml'))
        await rm(folder, { recursive: true })
      },
    )
  })
})

whenService('docker-compose', ({ 'docker-compose': { path } }) => {
  test('compose takes Prometheus and Grafana on top of the replicas, and finds what they mount', {
    timeout: patiently(60_000),
  }, async () => {
    const files = ['-f', join(MONITORING, '../compose.yaml'), '-f', join(MONITORING, 'compose.yaml')]
    const { stdout, stderr } = await promisify(execFile)(path, [...files, 'config'])
    expect(stderr).toBe('')
    const { services } = parse(stdout) as { services: Record<string, { volumes?: string[]; networks: object }> }
    const mounted = ['prometheus', 'grafana'].flatMap((name) => services[name]?.volumes ?? [])
    const sources = mounted.map((volume) => volume.split(':')[0] ?? '').filter((source) => source.startsWith('/'))
    expect(sources.filter((source) => !existsSync(source))).toEqual([])
    expect(sources.length).toBe(4)
    expect(Object.keys(services.prometheus?.networks ?? {})).toEqual(['front'])
  })
})

describe('the alerts', () => {
  test('each has a unit test in which it fires', () => {
    const tests = unitTests.map((file) => readFileSync(file, 'utf8')).join('\n')
    for (const { alert } of ALERTS) expect(tests).toMatch(new RegExp(`alertname: ${alert}\\n +exp_alerts:\\n`))
  })

  test('each says what is wrong, how bad it is, and where the handbook goes on', () => {
    const handbook = readFileSync(new URL('../../../config/README.md', import.meta.url), 'utf8')
    expect(ALERTS.length).toBeGreaterThan(15)
    for (const { labels, annotations } of ALERTS) {
      expect(labels?.severity).toMatch(/^(page|ticket)$/)
      expect(annotations?.summary).toBeTruthy()
      expect(annotations?.description).toBeTruthy()
      for (const part of ['database', 'store']) {
        const place = annotations?.runbook?.replace('{{ $labels.part }}', part)
        expect(handbook).toMatch(new RegExp(`^## ${place?.replace('?', '\\?')}$|^\\| ${place} \\|`, 'm'))
      }
    }
  })
})

describe('the dashboard', () => {
  const { schemaVersion, panels, templating } = dashboard()

  test('is what config/monitoring/dashboard.ts makes', () => {
    expect(dashboard()).toEqual(JSON.parse(JSON.stringify(DASHBOARD)))
  })

  test('is of a version that Grafana 11 and later read, and asks the Prometheus that is chosen', () => {
    expect(schemaVersion).toBeGreaterThanOrEqual(39)
    expect(templating.list.map(({ name }) => name)).toEqual(['datasource', 'job', 'replica'])
    for (const { datasource, targets = [] } of panels.filter(({ type }) => type !== 'row'))
      for (const { uid = '' } of [datasource ?? {}, ...targets.map((target) => target.datasource)] as {
        uid?: string
      }[])
        expect(uid).toBe('${' + 'datasource}')
  })

  test('has small multiples alone: no gauge, no pie, and none lies over another', () => {
    expect(new Set(panels.map(({ type }) => type))).toEqual(new Set(['row', 'timeseries']))
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length)
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, index) => `${x + (index % w)},${y + Math.floor(index / w)}`),
    )
    expect(new Set(cells).size).toBe(cells.length)
    expect(Math.max(...cells.map((cell) => Number(cell.split(',')[0])))).toBeLessThan(24)
  })

  test('asks first whether it is well now: rate, errors, time, what is nearest its limit', () => {
    const first = panels.filter(({ gridPos, type }) => type !== 'row' && gridPos.y === 1)
    expect(first.map(({ title }) => title)).toEqual([
      'Requests per second',
      'Errors, share of requests',
      'Time of pages and metadata',
      'What is nearest its limit',
    ])
  })

  test('each line of a panel has a name', () => {
    for (const { targets = [] } of panels) {
      expect(new Set(targets.map(({ refId }) => refId)).size).toBe(targets.length)
      for (const { legendFormat } of targets) expect(legendFormat).not.toBe('')
    }
  })
})

/** The configuration with the commented block that begins with this key in force. */
function uncommented(block: string): string {
  const text = read('prometheus.yml')
  const [all = '', indent = ''] = new RegExp(`^( *)# ${block}:.*(?:\\n\\1#  .*)*`, 'm').exec(text) ?? []
  if (all === '') throw new Error(`there is no comment with ${block}`)
  return text.replace(all, all.replaceAll(`${indent}# `, indent))
}
