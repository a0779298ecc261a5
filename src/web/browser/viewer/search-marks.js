import { offsetsIn } from './search.js'

/**
 * Shows where a text was found: in the rows that are there, and as marks beside the scrollbar.
 * @param {HTMLElement} scroller the box that scrolls, the marks' parent positioned
 * @param {number} count lines there are
 */
export function createSearchMarks(scroller, count) {
  const highlights = /** @type {any} */ (globalThis.CSS)?.highlights
  const canvas = document.createElement('canvas')
  canvas.className = 'marks'
  canvas.hidden = true
  canvas.setAttribute('aria-hidden', 'true')
  scroller.after(canvas)
  /** @type {number[]} */
  let lines = []
  let text = ''
  let matchCase = false
  let current = 0

  function draw() {
    canvas.hidden = lines.length === 0
    if (lines.length === 0) return
    const height = scroller.clientHeight
    const ratio = devicePixelRatio || 1
    canvas.style.right = `${scroller.offsetWidth - scroller.clientWidth}px`
    canvas.style.top = `${scroller.offsetTop}px`
    canvas.style.height = `${height}px`
    canvas.width = 8 * ratio
    canvas.height = height * ratio
    const pen = canvas.getContext('2d')
    if (!pen) return
    const { color, borderLeftColor } = getComputedStyle(canvas)
    pen.fillStyle = color
    let drawn = -1
    for (const line of lines) {
      const y = Math.round(((line - 1) / count) * (canvas.height - 2 * ratio))
      if (y === drawn) continue
      drawn = y
      pen.fillRect(0, y, canvas.width, 2 * ratio)
    }
    if (current === 0) return
    pen.fillStyle = borderLeftColor
    pen.fillRect(0, Math.round(((current - 1) / count) * (canvas.height - 4 * ratio)), canvas.width, 4 * ratio)
  }

  return {
    /**
     * @param {number[]} found ascending line numbers
     * @param {{ text: string, matchCase: boolean }} what
     */
    show(found, what) {
      lines = found
      text = what.text
      matchCase = what.matchCase
      current = 0
      draw()
    },
    /** The line that was jumped to. @param {number} line */
    point(line) {
      current = line
      draw()
    },
    draw,
    /** Marks what is found in rows. @param {Iterable<[number, HTMLElement]>} rows by line */
    paint(rows) {
      if (!highlights) return
      highlights.delete('hit')
      highlights.delete('hit-now')
      if (text === '' || lines.length === 0) return
      const [all, now] = [new globalThis.Highlight(), new globalThis.Highlight()]
      for (const [line, row] of rows)
        for (const range of rangesIn(row, text, matchCase)) (line === current ? now : all).add(range)
      highlights.set('hit', all)
      highlights.set('hit-now', now)
    },
  }
}

/** @param {HTMLElement} row @param {string} text @param {boolean} matchCase @returns {Range[]} */
function rangesIn(row, text, matchCase) {
  const offsets = offsetsIn(row.textContent ?? '', text, matchCase)
  if (offsets.length === 0) return []
  const walker = document.createTreeWalker(row, NodeFilter.SHOW_TEXT)
  let node = walker.nextNode()
  let before = 0
  const seek = (/** @type {number} */ offset, /** @type {boolean} */ atEnd) => {
    const within = () => offset < before + length(node) || (atEnd && offset === before + length(node))
    while (node && !within()) {
      before += length(node)
      node = walker.nextNode()
    }
  }
  const ranges = []
  for (const offset of offsets) {
    const range = document.createRange()
    seek(offset, false)
    if (!node) break
    range.setStart(node, offset - before)
    seek(offset + text.length, true)
    if (!node) break
    range.setEnd(node, offset + text.length - before)
    ranges.push(range)
  }
  return ranges
}

/** @param {Node | null} node */
function length(node) {
  return node?.nodeValue?.length ?? 0
}
