// Makes the dashboard: `node config/monitoring/dashboard.ts` writes grafana/paste.json, which Grafana imports.
import { writeFileSync } from 'node:fs'
import { INSIDE } from './dashboard-inside.ts'
import { ERROR, OURS, PALE } from './dashboard-queries.ts'
import { annotation, panelsOf, variables } from './dashboard-shape.ts'
import { USERS } from './dashboard-users.ts'

/** The dashboard as Grafana 11 and later import it. */
export const DASHBOARD = {
  uid: 'extended-pastebin',
  title: 'Extended Pastebin',
  tags: ['pastebin'],
  schemaVersion: 39,
  version: 1,
  editable: true,
  // One time under the pointer on all plots, with its values.
  graphTooltip: 2,
  refresh: '30s',
  time: { from: 'now-1h', to: 'now' },
  timezone: 'browser',
  templating: { list: variables() },
  annotations: {
    list: [
      annotation('Alerts', 'ALERTS{alertname=~"Paste.*",alertstate="firing"}', '{{alertname}}', ERROR),
      annotation('Starts', `changes(process_start_time_seconds{${OURS}}[1m]) > 0`, 'started', PALE),
    ],
  },
  links: [],
  panels: panelsOf([...USERS, ...INSIDE]),
}

if (import.meta.main) {
  writeFileSync(new URL('grafana/paste.json', import.meta.url), `${JSON.stringify(DASHBOARD, null, 2)}\n`)
}
