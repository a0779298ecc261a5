/** The style sheets of every dashboard, in their order. */
export const DASHBOARD_STYLES = ['tones.css', 'plots.css', 'figures.css', 'tiles.css', 'dashboard.css'] as const

const EVERY = ['base.css', 'controls.css']
const DOCUMENT = [...EVERY, 'top.css']
const LARGE = ['viewer.css', 'under.css']
const PASTE = [...EVERY, 'bar.css', 'paste.css', 'code.css', 'syntax.css']

/**
 * The style sheets of each kind of page, in their order. The list is fixed: no invented address makes the process keep
 * one more file, and a page whose styles are not here fails when a test first renders it.
 */
export const STYLE_SETS: readonly (readonly string[])[] = [
  DOCUMENT,
  [...DOCUMENT, 'list.css'],
  [...DOCUMENT, 'list.css', 'api.css'],
  [...DOCUMENT, 'form.css', 'result.css'],
  [...DOCUMENT, 'result.css'],
  [...DOCUMENT, ...DASHBOARD_STYLES],
  [...DOCUMENT, ...DASHBOARD_STYLES, 'runs.css'],
  [...DOCUMENT, 'list.css', ...DASHBOARD_STYLES, 'runs.css'],
  PASTE,
  [...PASTE, 'terminal.css'],
  [...PASTE, ...LARGE],
  [...PASTE, 'terminal.css', ...LARGE],
]
