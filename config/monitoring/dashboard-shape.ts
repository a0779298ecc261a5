/** A line of a panel: PromQL, and what it is called in the legend, with `{{label}}` for a label's value. */
export type Line = readonly [expression: string, name: string]

/** A panel of the dashboard, a quarter of its width. */
export type PanelPlan = {
  title: string
  lines: readonly Line[]
  /** Grafana's name of the unit: `s`, `reqps`, `percentunit` (0 to 1), `bytes` … Default: a plain number. */
  unit?: string
  description?: string
  stacked?: boolean
  /** The lines are quantiles, lowest first: bands of one hue. */
  bands?: boolean
  /** Shows single requests as points. */
  exemplars?: boolean
  /** Colours of lines, by their names. */
  colours?: Readonly<Record<string, string>>
  /** Where the axis ends. It begins at 0 unless `signed`. */
  most?: number
  signed?: boolean
}

/** Panels under one heading. */
export type RowPlan = { title: string; panels: readonly PanelPlan[] }

const DATASOURCE = { type: 'prometheus', uid: '${' + 'datasource}' }
const HUES = ['#9ec5e8', '#4a8fcf', '#1f5a96']
const ACROSS = 4
const WIDTH = 6
const HEIGHT = 7

/** Rows as the `panels` of a Grafana dashboard (schema version 39), laid out from the top. */
export function panelsOf(rows: readonly RowPlan[]): object[] {
  const panels: object[] = []
  let top = 0
  for (const { title, panels: plans } of rows) {
    const gridPos = { h: 1, w: ACROSS * WIDTH, x: 0, y: top }
    panels.push({ id: panels.length + 1, type: 'row', title, collapsed: false, gridPos, panels: [] })
    top += 1
    for (const [index, plan] of plans.entries()) {
      const place = { x: (index % ACROSS) * WIDTH, y: top + Math.floor(index / ACROSS) * HEIGHT }
      panels.push(panelOf(plan, panels.length + 1, { h: HEIGHT, w: WIDTH, ...place }))
    }
    top += Math.ceil(plans.length / ACROSS) * HEIGHT
  }
  return panels
}

function panelOf(plan: PanelPlan, id: number, gridPos: object): object {
  const { title, lines, unit = 'short', description = '', stacked = false, most, signed = false } = plan
  return {
    id,
    type: 'timeseries',
    title,
    description,
    datasource: DATASOURCE,
    gridPos,
    fieldConfig: {
      defaults: {
        unit,
        color: { mode: 'palette-classic' },
        ...(!signed && { min: 0 }),
        ...(most !== undefined && { max: most }),
        custom: {
          drawStyle: 'line',
          lineWidth: 1,
          fillOpacity: stacked ? 20 : 0,
          showPoints: 'never',
          spanNulls: false,
          stacking: { mode: stacked ? 'normal' : 'none', group: 'A' },
        },
      },
      overrides: overridesOf(plan),
    },
    options: {
      legend: { displayMode: 'list', placement: 'bottom', showLegend: true },
      tooltip: { mode: 'multi', sort: 'desc' },
    },
    targets: lines.map(([expr, legendFormat], index) => ({
      refId: String.fromCharCode(65 + index),
      datasource: DATASOURCE,
      expr,
      legendFormat,
      range: true,
      exemplar: plan.exemplars === true && index === lines.length - 1,
    })),
  }
}

function overridesOf({ lines, bands = false, colours = {} }: PanelPlan): object[] {
  const colour = (fixedColor: string | undefined) => ({ id: 'color', value: { mode: 'fixed', fixedColor } })
  const of = (name: string, properties: object[]) => ({ matcher: { id: 'byName', options: name }, properties })
  if (!bands) return Object.entries(colours).map(([name, fixed]) => of(name, [colour(fixed)]))
  return lines.map(([, name], index) => {
    const below = lines[index - 1]?.[1]
    const fill = [
      { id: 'custom.fillBelowTo', value: below },
      { id: 'custom.fillOpacity', value: 25 },
    ]
    return of(name, [colour(HUES[index]), ...(below === undefined ? [] : fill)])
  })
}

/** The lists to choose from at the top: a Prometheus, a job, replicas. */
export function variables(): object[] {
  const query = (name: string, label: string, text: string) => ({
    name,
    label,
    type: 'query',
    datasource: DATASOURCE,
    definition: text,
    query: { query: text, refId: name },
    refresh: 2,
    sort: 1,
  })
  return [
    { name: 'datasource', label: 'Prometheus', type: 'datasource', query: 'prometheus', refresh: 1 },
    query('job', 'Job', 'label_values(paste_build_info, job)'),
    {
      ...query('replica', 'Replica', 'label_values(paste_build_info{job="$job"}, instance)'),
      multi: true,
      includeAll: true,
      allValue: '.*',
      current: { text: ['All'], value: ['$__all'] },
    },
  ]
}

/** A mark on every plot wherever the expression has a value. */
export function annotation(name: string, expr: string, title: string, iconColor: string): object {
  return {
    name,
    datasource: DATASOURCE,
    enable: true,
    expr,
    titleFormat: title,
    textFormat: '{{instance}}',
    iconColor,
    step: '60s',
  }
}
