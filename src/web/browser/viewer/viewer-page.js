import { cleanTerminalText } from '../../shared/terminal.js'
import { numberWords } from '../../shared/words.js'
import { byId } from '../common/dom.js'
import { say, showNote, startPage, wrapped } from '../paste-page/paste-page.js'
import { createColours } from './colours.js'
import { textOfLines } from './copy-lines.js'
import { startFind } from './find.js'
import { linesPath } from './line-fetch.js'
import { createLineStore } from './line-store.js'
import { createRowRecycler } from './row-recycler.js'
import { createSearchMarks } from './search-marks.js'
import { createTerminalLines } from './terminal-lines.js'
import { createViewer } from './viewer.js'
import { viewerKeys } from './viewer-keys.js'
import { wholeLine } from './whole-line.js'

/** @import { Line } from './line-parser.js' */
/** @import { Lines, View } from '../paste-page/selection.js' */

const { slug = '', lines: countText, sizeBytes, tag = '', charset, terminal, worker, grammars } = byId('main').dataset
const count = Number(countText)
const paste = { slug, tag, charset, count, sizeBytes: Number(sizeBytes) }
const scroller = byId('viewer')
const rows = byId('rows')
const position = byId('position')

/** @type {Map<number, Line>} lines of which more is shown */
const expanded = new Map()
/** @type {Lines | null} */
let selected = null

const store = createLineStore(paste, {
  arrived: (first, last) => show(first, last),
  failed: (error) => showNote(error?.message ?? ''),
})
const files = worker && grammars ? { worker, grammars: grammars.split(' ') } : null
const colours = createColours(files, store.wholeWindow, (first, last) => show(first, last))
const tty = terminal === undefined ? null : createTerminalLines(store)
const recycler = createRowRecycler(rows, {
  count,
  get: (line) => expanded.get(line) ?? (tty ? tty.of(line)?.line : store.get(line)),
  coloursOf(line) {
    if (expanded.has(line)) return undefined
    return tty ? tty.of(line)?.colours : colours.of(store.windowsOf(line, line)[0] ?? 0, line)
  },
  rawPath: (line) => linesPath(paste, `${line}`),
  dress(row, line) {
    row.classList.toggle('selected', selected !== null && selected.first <= line && line <= selected.last)
    row.classList.toggle('all', expanded.has(line))
    // Wrapped to the box, not to the longest line of all.
    row.style.width = expanded.has(line) ? `${scroller.clientWidth}px` : ''
  },
})
const marks = createSearchMarks(scroller, count)
seed()
const viewer = createViewer({
  scroller,
  track: byId('track'),
  code: byId('code'),
  count,
  recycler,
  varied: () => expanded.size > 0 || wrapped(),
  moved(first, last, direction) {
    position.textContent = `line ${numberWords(first)} of ${numberWords(count)}`
    store.want(recycler.first(), recycler.last(), direction)
    colours.want(store.windowsOf(first, last))
    marks.paint(recycler.all())
  },
})
rows.setAttribute('role', 'list')
rows.setAttribute('aria-label', 'Lines')
new ResizeObserver(() => {
  if (expanded.size > 0) recycler.redress()
  recycler.forgetHeights()
  viewer.update()
  marks.draw()
}).observe(scroller)

function show(/** @type {number} */ first, /** @type {number} */ last) {
  recycler.refill(first, last)
  viewer.update()
}

// The rows that the page came with need not be fetched again once they are gone.
function seed() {
  // Of a terminal's lines the page has what they show only.
  if (tty) return
  /** @type {Line[]} */
  const lines = []
  for (const row of recycler.all().values()) {
    if (row.classList.contains('long')) break
    const text = row.textContent ?? ''
    const ended = text.endsWith('\n')
    lines.push({ text: ended ? text.slice(0, -1) : text, bytes: Number.NaN, cut: false, ended })
  }
  store.seed(recycler.first(), lines)
}

rows.addEventListener('click', async (/** @type {Event} */ event) => {
  const link = /** @type {HTMLElement} */ (event.target).closest('.show-all')
  const line = Number(/** @type {HTMLElement | null} */ (link?.closest('.line'))?.dataset.line)
  // What is shown of an expanded line is the most that can be: its link leads to the raw line.
  if (!link || expanded.has(line)) return
  event.preventDefault()
  link.textContent = 'one moment'
  try {
    const whole = await wholeLine(paste, line)
    expanded.set(line, tty ? { ...whole, text: cleanTerminalText(whole.text) } : whole)
  } catch (error) {
    link.textContent = /** @type {Error} */ (error).message
    return
  }
  recycler.release(line)
  recycler.redress()
  show(line, line)
})

/** Text to copy. @param {number} first @param {number} last */
async function textOf(first, last) {
  const text = await textOfLines(paste, first, last)
  return tty ? cleanTerminalText(text) : text
}

/** @type {View} */
const view = {
  element: scroller,
  count,
  mark(lines) {
    selected = lines
    recycler.redress()
  },
  reveal: ({ first, last }, where) => viewer.reveal(where === 'nearest' ? last : first, where),
  text: ({ first, last }) => textOf(first, last),
  whole: () => textOf(1, count),
  place() {},
  rewrap() {
    recycler.forgetHeights()
    viewer.update()
  },
}

const find = startFind({
  paste,
  topLine: () => viewer.topLine(),
  found: (found, what) => {
    marks.show(found?.lines ?? [], what)
    marks.paint(recycler.all())
  },
  leave: () => scroller.focus({ preventScroll: true }),
  goTo(line) {
    marks.point(line)
    viewer.reveal(line, 'center')
    say(`Line ${line}: ${store.get(line)?.text.slice(0, 200) ?? ''}`)
  },
})
const page = startPage(view, {
  ...viewerKeys(viewer, scroller),
  Home() {
    viewer.toStart()
    say(`Line 1 of ${count}`)
  },
  End() {
    viewer.toEnd()
    say(`Line ${count} of ${count}`)
  },
  '/': () => find.open(),
  n: () => find.move(1),
  N: () => find.move(-1),
  Enter: () => find.move(1),
  'Shift+Enter': () => find.move(-1),
  Escape: () => find.end() || page.leave(),
})

document.addEventListener('keydown', (event) => {
  const inField = /** @type {HTMLElement} */ (event.target).closest('input, dialog') !== null
  if (!(event.ctrlKey || event.metaKey) || event.key !== 'a' || inField) return
  event.preventDefault()
  page.selection?.chooseAll()
})
document.addEventListener('copy', (event) => {
  if (!page.selection?.current() || !getSelection()?.isCollapsed) return
  event.preventDefault()
  page.copyNow()
})
