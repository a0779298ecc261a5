import { fillRow, makeRow, nameRow } from './row.js'
import { ROW_HEIGHT } from './scrollbar.js'

/** @import { Colours } from './row.js' */
/** @import { Line } from './line-parser.js' */

/**
 * The rows that exist now: some hundred around what is seen, one after the other in one element.
 * @param {HTMLElement} rows
 * @param {{ count: number, get(line: number): Line | undefined, coloursOf(line: number): Colours | undefined,
 *   rawPath(line: number): string, dress(row: HTMLElement, line: number): void }} content
 */
export function createRowRecycler(rows, { count, get, coloursOf, rawPath, dress }) {
  /** @type {Map<number, HTMLElement>} */
  const byLine = new Map()
  /** @type {Map<number, number>} */
  const heights = new Map()
  let first = 1
  let last = 0
  let widest = 0
  /** Rows that the page came with: they are as the server made them, colours included. */
  const adopted = new Set()
  /** What rows show: filling them again would destroy a text selection under the mouse. */
  const shown = new WeakMap()

  rows.querySelector('noscript')?.remove()
  for (const row of /** @type {NodeListOf<HTMLElement>} */ (rows.querySelectorAll('.line'))) {
    const line = Number(row.dataset.line)
    if (byLine.size === 0) first = line
    last = line
    byLine.set(line, nameRow(row, line, count))
    adopted.add(row)
    widen(row.textContent.length)
  }

  // As wide as the longest line so far: a width that followed each change would move the scrollbar under the hand.
  function widen(/** @type {number} */ characters) {
    if (characters <= widest) return
    widest = characters
    rows.style.setProperty('--widest', `${widest + 2}ch`)
  }

  function fill(/** @type {HTMLElement} */ row, /** @type {number} */ number) {
    const line = get(number)
    if (!line || adopted.has(row)) return
    const colours = coloursOf(number)
    const before = shown.get(row)
    if (before?.line === line && before.colours === colours) return
    shown.set(row, { line, colours })
    fillRow(row, line, colours, rawPath(number))
    widen(line.text.length + (line.cut ? 24 : 0))
  }

  function make(/** @type {number} */ from, /** @type {number} */ to) {
    const made = document.createDocumentFragment()
    for (let number = from; number <= to; number++) {
      const row = makeRow(number, count)
      fill(row, number)
      dress(row, number)
      byLine.set(number, row)
      made.append(row)
    }
    return made
  }

  function drop(/** @type {number} */ from, /** @type {number} */ to) {
    for (let number = from; number <= to; number++) {
      const row = byLine.get(number)
      row?.remove()
      adopted.delete(row)
      byLine.delete(number)
      heights.delete(number)
    }
  }

  return {
    first: () => first,
    last: () => last,
    row: (/** @type {number} */ line) => byLine.get(line),
    all: () => byLine,
    /** Makes the rows be those of lines `from` to `to`. @param {number} from @param {number} to */
    show(from, to) {
      if (from > last || to < first) {
        byLine.clear()
        adopted.clear()
        heights.clear()
        rows.replaceChildren(make(from, to))
      } else {
        if (from < first) rows.prepend(make(from, first - 1))
        if (to > last) rows.append(make(last + 1, to))
        drop(first, from - 1)
        drop(to + 1, last)
      }
      first = from
      last = to
    },
    /** Shows what is known by now of some lines. @param {number} from @param {number} to */
    refill(from, to) {
      for (let number = Math.max(from, first); number <= Math.min(to, last); number++) {
        const row = byLine.get(number)
        if (row) fill(row, number)
      }
    },
    /** A row that the page came with is filled like the others from now on. @param {number} line */
    release: (line) => adopted.delete(byLine.get(line)),
    /** Fills all rows again. */
    redress() {
      for (const [number, row] of byLine) dress(row, number)
    },
    /** Asks the browser how high the rows are; until then all are 20 px high. */
    measure() {
      for (const [number, row] of byLine) heights.set(number, row.offsetHeight)
    },
    forgetHeights: () => heights.clear(),
    /** Px by which the rows that there are exceed 20 px each. */
    extra() {
      let sum = 0
      for (const height of heights.values()) sum += height - ROW_HEIGHT
      return sum
    },
    /** Height of a line's row in px, as far as it is known. @param {number} line */
    heightOf: (line) => heights.get(line) ?? ROW_HEIGHT,
    /** Height of rows `from` to `to`. @param {number} from @param {number} to */
    heightOfAll(from, to) {
      let sum = 0
      for (let line = from; line <= to; line++) sum += heights.get(line) ?? ROW_HEIGHT
      return sum
    },
  }
}
