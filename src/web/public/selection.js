/**
 * Selected lines of a paste: 1-based, inclusive, `first <= last`.
 * @typedef {{ first: number, last: number }} Lines
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
 * Marks lines as the address says, and keeps the address as the user selects.
 * @param {HTMLElement} code the `<pre>` with one `.line` for each line
 * @param {(lines: Lines | null) => void} changed
 */
export function watchSelection(code, changed) {
  const rows = /** @type {HTMLCollectionOf<HTMLElement>} */ (code.getElementsByClassName('line'))
  /** @type {Lines | null} */
  let lines = null
  /** The line where the selection began: a shift-click or Shift+arrow moves the other end. */
  let anchor = 1

  code.addEventListener('click', (event) => {
    const row = /** @type {HTMLElement} */ (event.target).closest('.line')
    if (!row || event.target !== row || !onNumber(event, row)) return
    const number = Number(row.id.slice(1))
    if (event.shiftKey && lines) return choose({ first: Math.min(anchor, number), last: Math.max(anchor, number) })
    anchor = number
    choose({ first: number, last: number })
  })
  // A shift-click would select text from the last click on.
  code.addEventListener('mousedown', (event) => {
    const row = /** @type {HTMLElement} */ (event.target).closest('.line')
    if (event.shiftKey && row && onNumber(event, row)) event.preventDefault()
  })
  addEventListener('hashchange', readAddress)

  function readAddress() {
    const wanted = parseLines(location.hash, rows.length)
    if (wanted) anchor = wanted.first
    show(wanted)
    if (wanted) rows[wanted.first - 1]?.scrollIntoView({ block: wanted.first === wanted.last ? 'center' : 'start' })
  }

  /** @param {Lines | null} wanted */
  function show(wanted) {
    for (const row of code.querySelectorAll('.selected')) row.classList.remove('selected')
    lines = wanted
    for (let number = wanted?.first ?? 1; number <= (wanted?.last ?? 0); number++)
      rows[number - 1]?.classList.add('selected')
    changed(wanted)
  }

  /** @param {Lines | null} wanted */
  function choose(wanted) {
    history.replaceState(null, '', wanted ? linesFragment(wanted) : location.pathname + location.search)
    show(wanted)
  }

  return {
    readAddress,
    choose(/** @type {Lines | null} */ wanted) {
      if (wanted) anchor = wanted.first
      choose(wanted)
      if (wanted) rows[wanted.first - 1]?.scrollIntoView({ block: 'center' })
    },
    /** Moves the end that is not the anchor. */
    extend(/** @type {1 | -1} */ step) {
      if (!lines) return choose({ first: anchor, last: anchor })
      const moving = Math.min(Math.max((lines.first === anchor ? lines.last : lines.first) + step, 1), rows.length)
      choose({ first: Math.min(anchor, moving), last: Math.max(anchor, moving) })
      rows[moving - 1]?.scrollIntoView({ block: 'nearest' })
    },
    current: () => lines,
    text: () =>
      lines
        ? Array.from(rows)
            .slice(lines.first - 1, lines.last)
            .map(lineText)
            .join('')
        : '',
    whole: () => Array.from(rows, lineText).join(''),
  }
}

/** @param {HTMLElement} row @returns {string} the line as pasted, its end included */
function lineText(row) {
  const parts = [...row.childNodes].filter((node) => !(node instanceof HTMLElement && node.className === 'show-all'))
  return parts.map((node) => node.textContent).join('')
}

/** @param {MouseEvent} event @param {Element} row */
function onNumber(event, row) {
  const gutter = Number.parseFloat(getComputedStyle(row).paddingLeft)
  // The numbers stay at the left when long lines scroll.
  const left = row.closest('.code')?.getBoundingClientRect().left ?? 0
  return event.clientX - left < gutter - 12
}
