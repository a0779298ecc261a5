/**
 * The pointer over one plot, or arrow keys on it, put a line at that time into all plots of the same axis, and the
 * values of that time into their legends. The values are those of the tables, so the page carries each of them once.
 */

const SVG = 'http://www.w3.org/2000/svg'
// As `plot.ts` draws them.
const TOP = 10
const BOTTOM = 130

/** @type {{ axis: string, index: number } | null} */
let pointed = null

/** Whether some time is being looked at: nothing should be renewed then. */
export function isPointed() {
  return pointed !== null
}

/**
 * Makes every plot that is there answer to pointer and keys; to be called again for plots that came later.
 */
export function preparePlots() {
  for (const area of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('.plot-area:not([tabindex])'))) {
    if (stepsOf(area) === 0) continue
    area.tabIndex = 0
    area.role = 'slider'
    area.setAttribute('aria-label', `${area.dataset.name}: values at a time`)
    area.setAttribute('aria-valuemin', '0')
    area.setAttribute('aria-valuemax', String(stepsOf(area) - 1))
    describe(area, stepsOf(area) - 1)
  }
}

/** @param {Event} event @returns {HTMLElement | null} */
const areaOf = (event) => (event.target instanceof Element ? event.target.closest('.plot-area') : null)

/** @param {HTMLElement} area */
const stepsOf = (area) => Number(area.dataset.steps)

/** @param {HTMLElement} area @param {number} clientX */
function indexAt(area, clientX) {
  const { left, width } = /** @type {Element} */ (area.firstElementChild).getBoundingClientRect()
  const share = Math.min(1, Math.max(0, (clientX - left) / width))
  const steps = stepsOf(area)
  return 'bars' in area.dataset ? Math.min(steps - 1, Math.floor(share * steps)) : Math.round(share * (steps - 1))
}

/** @param {HTMLElement} area @param {number} index */
function shareAt(area, index) {
  const steps = stepsOf(area)
  if ('bars' in area.dataset) return (index + 0.5) / steps
  return steps > 1 ? index / (steps - 1) : 0
}

/** @param {HTMLElement} area */
function figureOf(area) {
  const figure = /** @type {HTMLElement} */ (area.closest('figure'))
  return {
    legend: figure.querySelectorAll('.legend li'),
    rows: /** @type {HTMLTableElement} */ (figure.querySelector('table')).tBodies[0]?.rows ?? [],
  }
}

/**
 * Shows the values of a step in every plot of this axis; the time is written above the line of `origin`.
 * @param {HTMLElement} origin
 * @param {number} index
 */
function point(origin, index) {
  const axis = origin.dataset.axis ?? ''
  if (pointed && pointed.axis !== axis) release()
  pointed = { axis, index }
  for (const area of plotsOf(axis)) {
    show(area, index)
    drawCursor(area, index, area === origin)
    describe(area, index)
  }
}

function release() {
  if (!pointed) return
  for (const area of plotsOf(pointed.axis)) {
    show(area, stepsOf(area) - 1)
    area.querySelector('.pointed')?.remove()
  }
  pointed = null
}

/** @param {string} axis @returns {HTMLElement[]} */
function plotsOf(axis) {
  return [.../** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('.plot-area'))].filter(
    (area) => area.dataset.axis === axis && stepsOf(area) > 0,
  )
}

/** @param {HTMLElement} area @param {number} index */
function show(area, index) {
  const { legend, rows } = figureOf(area)
  for (const [at, entry] of legend.entries()) {
    const value = entry.querySelector('b')
    if (value) value.textContent = rows[index]?.cells[at + 1]?.textContent ?? ''
  }
}

/** @param {HTMLElement} area @param {number} index */
function describe(area, index) {
  const { legend, rows } = figureOf(area)
  const cells = rows[index]?.cells
  const values = [...legend].map(
    (entry, at) => `${entry.querySelector('.name')?.textContent} ${cells?.[at + 1]?.textContent}`,
  )
  area.setAttribute('aria-valuenow', String(index))
  area.setAttribute('aria-valuetext', `${cells?.[0]?.textContent}: ${values.join(', ')}`)
}

/** @param {HTMLElement} area @param {number} index @param {boolean} named */
function drawCursor(area, index, named) {
  const share = shareAt(area, index)
  const x = `${share * 100}%`
  const group = area.querySelector('.pointed') ?? document.createElementNS(SVG, 'g')
  const line = document.createElementNS(SVG, 'line')
  for (const [name, value] of Object.entries({ x1: x, x2: x, y1: TOP, y2: BOTTOM, class: 'cursor' }))
    line.setAttribute(name, String(value))
  group.setAttribute('class', 'pointed')
  group.replaceChildren(line)
  if (named) {
    const text = document.createElementNS(SVG, 'text')
    const anchor = share < 0.1 ? 'start' : share > 0.9 ? 'end' : 'middle'
    for (const [name, value] of Object.entries({ x, y: BOTTOM + 16, class: 'cursor-time', 'text-anchor': anchor }))
      text.setAttribute(name, String(value))
    text.textContent = figureOf(area).rows[index]?.cells[0]?.textContent ?? ''
    group.append(text)
  }
  area.querySelector('svg')?.append(group)
}

document.addEventListener('pointermove', (event) => {
  const area = areaOf(event)
  if (area && stepsOf(area) > 0) point(area, indexAt(area, event.clientX))
  else release()
})
document.addEventListener('pointerdown', (event) => {
  const area = areaOf(event)
  if (area && stepsOf(area) > 0) point(area, indexAt(area, event.clientX))
})
document.documentElement.addEventListener('pointerleave', release)
document.addEventListener('focusout', release)
document.addEventListener('keydown', (event) => {
  const area = areaOf(event)
  if (!area || event.target !== area || event.ctrlKey || event.metaKey || event.altKey) return
  if (event.key === 'Escape') return release()
  const last = stepsOf(area) - 1
  const from = pointed?.index ?? Number(area.getAttribute('aria-valuenow'))
  const far = event.shiftKey ? 10 : 1
  const moves = { ArrowLeft: from - far, ArrowRight: from + far, Home: 0, End: last }
  const wanted = moves[/** @type {keyof typeof moves} */ (event.key)]
  if (wanted === undefined) return
  event.preventDefault()
  point(area, Math.min(last, Math.max(0, wanted)))
})
