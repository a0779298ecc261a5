import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** `config/monitoring`. */
export const MONITORING = fileURLToPath(new URL('../../../config/monitoring', import.meta.url))

/** A file of `config/monitoring`. */
export const read = (name: string) => readFileSync(join(MONITORING, name), 'utf8')

/** The files with rules, as `prometheus.yml` names them. */
export const RULE_FILES = readdirSync(join(MONITORING, 'rules')).map((name) => `rules/${name}`)

/** A panel of the dashboard, as far as tests look at it. */
export type Panel = {
  id: number
  type: string
  title: string
  gridPos: { x: number; y: number; w: number; h: number }
  datasource?: { uid: string }
  targets?: { refId: string; expr: string; legendFormat: string; datasource: { uid: string } }[]
}

/** The dashboard. */
export type Dashboard = {
  schemaVersion: number
  panels: Panel[]
  templating: { list: { name: string; type: string; definition?: string }[] }
  annotations: { list: { expr: string }[] }
}

/** The dashboard, parsed. */
export const dashboard = () => JSON.parse(read('grafana/paste.json')) as Dashboard

/** The expressions of the dashboard as Grafana would send them, with all replicas chosen. */
export function dashboardQueries(): { title: string; expression: string }[] {
  const { panels, annotations } = dashboard()
  const ofPanels = panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => ({ title, expr })))
  const all = [...ofPanels, ...annotations.list.map(({ expr }) => ({ title: 'annotation', expr }))]
  const values: Record<string, string> = { $job: 'paste', $replica: '.*', $__rate_interval: '1m' }
  return all.map(({ title, expr }) => ({ title, expression: expr.replace(/\$\w+/g, (name) => values[name] ?? name) }))
}

/** The names of metrics in an expression, those of recording rules (`level:metric:operations`) included. */
export function metricsIn(expression: string): string[] {
  const bare = expression.replace(/"[^"]*"/g, '').replace(/\b(by|on|without|ignoring)\s*\([^)]*\)/g, '')
  return [...bare.matchAll(/\b(?:paste|process|nodejs|job|instance)[:_][\w:]+|\bup\b/g)].map(([name]) => name)
}

/**
 * The configuration as it is shipped, but for what a test can't wait for: who is scraped, how often, and how long
 * something has to be wrong. Throws where the files no longer have what is changed.
 */
export function quickened(targets: readonly string[]): Record<string, string> {
  const files = Object.fromEntries(RULE_FILES.map((name) => [name, read(name)]))
  const alerts = files['rules/alerts.yaml'] ?? ''
  const list = targets.map((target) => `          - ${target}\n`).join('')
  return {
    ...files,
    'rules/alerts.yaml': changed(alerts, /\bfor: \d+[mh]$/gm, 'for: 1s'),
    'prometheus.yml': changed(
      changed(read('prometheus.yml'), /_interval: 15s$/gm, '_interval: 1s'),
      / *- 127\.0\.0\.1:3000\n/,
      list,
    ),
  }
}

function changed(text: string, from: RegExp, to: string): string {
  if (!from.test(text)) throw new Error(`nothing matches ${from}`)
  from.lastIndex = 0
  return text.replace(from, to)
}
