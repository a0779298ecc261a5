/**
 * Selected lines of a paste: 1-based, inclusive, `first <= last`.
 * @typedef {{ first: number, last: number }} Lines
 */

/**
 * The lines of a paste as a page shows them, all at once or a window over them.
 * @typedef {object} View
 * @property {HTMLElement} element what holds the rows: `.line` with the id `L<number>`, or `data-line`
 * @property {number} count lines there are
 * @property {(lines: Lines | null) => void} mark shows which lines are selected
 * @property {(lines: Lines, where: 'start' | 'center' | 'nearest') => void} reveal scrolls to them
 * @property {(lines: Lines) => Promise<string>} text the lines as they were pasted, line ends included; rejects with
 *   words for people
 * @property {() => Promise<string>} whole all of the content as it was pasted
 * @property {(bubble: HTMLElement, lines: Lines) => void} place puts what belongs to selected lines where they are
 * @property {() => void} rewrap the choice of wrapping changed
 */

/**
 * Reads `L10`, `L10-L20`, `10-20`, `20` (with or without `#`), clamped to the lines there are.
 * @param {string} text
 * @param {number} most how many lines there are
 * @returns {Lines | null}
 */
export function parseLines(text, most) {
  const match = /^\s*#?L?(\d{1,9})(?:\s*-\s*L?(\d{1,9}))?\s*$/.exec(text)
  if (!match) return null
  const ends = [Number(match[1]), Number(match[2] ?? match[1])].map((number) => Math.min(Math.max(number, 1), most))
  return { first: Math.min(...ends), last: Math.max(...ends) }
}

/**
 * The address fragment of a selection.
 * @param {Lines} lines
 */
export function linesFragment({ first, last }) {
  return first === last ? `#L${first}` : `#L${first}-L${last}`
}

/**
 * Marks the lines of the address, and updates the address as the user selects.
 * @param {View} view
 * @param {(lines: Lines | null) => void} changed
 */
export function watchSelection(view, changed) {
  const { element } = view
  /** @type {Lines | null} */
  let lines = null
  /** The line where the selection began: a shift-click or Shift+arrow moves the other end. */
  let anchor = 1

  element.addEventListener('click', (event) => {
    const row = rowOfNumber(event)
    if (!row || event.target !== row) return
    const number = Number(row.dataset.line ?? row.id.slice(1))
    if (event.shiftKey && lines) return choose({ first: Math.min(anchor, number), last: Math.max(anchor, number) })
    anchor = number
    choose({ first: number, last: number })
  })
  // A shift-click would select text from the last click on.
  element.addEventListener('mousedown', (event) => {
    if (event.shiftKey && rowOfNumber(event)) event.preventDefault()
  })
  addEventListener('hashchange', readAddress)

  function readAddress() {
    const wanted = parseLines(location.hash, view.count)
    if (wanted) anchor = wanted.first
    show(wanted)
    if (wanted) view.reveal(wanted, wanted.first === wanted.last ? 'center' : 'start')
  }

  /** @param {Lines | null} wanted */
  function show(wanted) {
    lines = wanted
    view.mark(wanted)
    changed(wanted)
  }

  /** @param {Lines | null} wanted */
  function choose(wanted) {
    history.replaceState(null, '', location.pathname + (wanted ? linesFragment(wanted) : ''))
    show(wanted)
  }

  return {
    readAddress,
    choose(/** @type {Lines | null} */ wanted) {
      if (wanted) anchor = wanted.first
      choose(wanted)
      if (wanted) view.reveal(wanted, 'center')
    },
    /** Selects all lines; the page stays where it is. */
    chooseAll() {
      anchor = 1
      choose({ first: 1, last: view.count })
    },
    /** Moves the end that is not the anchor. */
    extend(/** @type {1 | -1} */ step) {
      if (!lines) return choose({ first: anchor, last: anchor })
      const moving = Math.min(Math.max((lines.first === anchor ? lines.last : lines.first) + step, 1), view.count)
      choose({ first: Math.min(anchor, moving), last: Math.max(anchor, moving) })
      view.reveal({ first: moving, last: moving }, 'nearest')
    },
    current: () => lines,
  }
}

/** @param {MouseEvent} event @returns {HTMLElement | null} the row whose number the mouse is on */
function rowOfNumber(event) {
  const row = /** @type {HTMLElement | null} */ (/** @type {HTMLElement} */ (event.target).closest('.line'))
  if (!row) return null
  const gutter = Number.parseFloat(getComputedStyle(row).paddingLeft)
  // The numbers stay at the left when long lines scroll.
  const left = row.closest('.viewer, .code')?.getBoundingClientRect().left ?? 0
  return event.clientX - left < gutter - 12 ? row : null
}
