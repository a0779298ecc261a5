import { createScrollAnchor } from './scroll-anchor.js'
import { createScrollbar, PAD_BOTTOM, PAD_TOP } from './scrollbar.js'

/** @import { createRowRecycler } from './row-recycler.js' */

// The way of one gesture in screens. What goes farther at once is a thumb that is dragged, or a jump.
const GESTURE_SCREENS = 2
const SETTLED_MS = 120
// What is jumped to keeps that many px from the edges.
const MARGIN = 40
const START = { line: 1, offset: -PAD_TOP }

/**
 * Moves a window of rows over a content of any length. Wheel, touch and keys move it by exactly their px; the thumb of
 * the scrollbar by its share of all lines. Where a px of the one is no px of the other (very long contents, wrapped
 * lines), rows and scrollbar go their own ways during a gesture, and the scrollbar is put right when it is over.
 * @param {object} parts
 * @param {HTMLElement} parts.scroller the box that scrolls
 * @param {HTMLElement} parts.track what is scrolled in it: as high as all lines
 * @param {HTMLElement} parts.code the element that holds the rows, and is moved
 * @param {number} parts.count
 * @param {ReturnType<typeof createRowRecycler>} parts.recycler
 * @param {() => boolean} parts.varied whether rows may be higher than 20 px
 * @param {(first: number, last: number, direction: number) => void} parts.moved called with the lines on the screen
 */
export function createViewer({ scroller, track: box, code, count, recycler, varied, moved }) {
  const scrollbar = createScrollbar(count)
  const viewport = () => scroller.clientHeight
  const anchor = createScrollAnchor({ count, scrollbar, recycler, viewport, varied })
  let native = 0
  let direction = 0
  let settling = 0
  let extra = 0

  /**
   * The target of a jump, until the user scrolls: rows grow when their text arrives, and the target stays in sight.
   * @type {(() => void) | null}
   */
  let aim = null

  /** Makes the rows that are near, and learns how high they are. */
  function fill() {
    // Rows are made in bunches, some screens ahead, so that most steps of a scroll make none.
    const beyond = Math.max(viewport(), 400)
    const near = anchor.reach(beyond / 2)
    if (near.from < recycler.first() || near.to > recycler.last()) {
      const { from, to } = anchor.reach(beyond)
      recycler.show(from, to)
    }
    if (!varied()) return stretch(0)
    recycler.measure()
    stretch(Math.max(extra, recycler.extra()))
    anchor.walk()
  }

  /** @param {number} pixels by which rows are higher than 20 px, as far as is known */
  function stretch(pixels) {
    if (pixels === extra && box.style.height !== '') return
    extra = pixels
    scrollbar.stretch(extra)
    box.style.height = `${scrollbar.height()}px`
  }

  function render() {
    aim?.()
    fill()
    if (varied()) anchor.keepEndDown()
    put()
    const seen = anchor.reach(0)
    moved(seen.from, seen.to, direction)
  }

  function put() {
    code.style.top = `${native - anchor.above()}px`
  }

  function rightNative() {
    if (anchor.isStart()) return 0
    if (!varied()) return scrollbar.toNative(scrollbar.positionOf(anchor.place()), viewport())
    const share = anchor.keepEndDown() ? 1 : anchor.share()
    return share * scrollbar.farthestNative(viewport())
  }

  /** Puts the scrollbar where it belongs. */
  function settle() {
    clearTimeout(settling)
    settling = 0
    direction = 0
    const wanted = rightNative()
    if (Math.abs(wanted - scroller.scrollTop) < 1) return
    scroller.scrollTop = wanted
    native = scroller.scrollTop
    put()
  }

  function update() {
    render()
    settle()
  }

  /** @param {() => void} there */
  function aimAt(there) {
    aim = there
    update()
  }

  /** Puts the line that is so far down the content so far down the screen. @param {number} share 0 to 1 */
  function standAt(share) {
    if (!varied()) {
      const native = share * scrollbar.farthestNative(viewport())
      return anchor.moveTo(scrollbar.placeAt(scrollbar.toPosition(native, viewport())))
    }
    const line = Math.min(count, Math.floor(share * count) + 1)
    anchor.moveTo(share <= 0 ? START : { line, offset: 0 })
    if (share <= 0) return
    fill()
    anchor.moveBy((share * count - (line - 1)) * recycler.heightOf(line) - share * viewport())
  }

  /**
   * Takes in where the box is. The browser tells of it with its next frame only: whoever would set the scrollbar before
   * that asks here first, or a thumb that is dragged would jump back. True when it has moved.
   */
  function scrolled() {
    const top = scroller.scrollTop
    const by = top - native
    if (by === 0) return false
    aim = null
    direction = Math.sign(by)
    native = top
    if (scrollbar.exact() && !varied()) {
      anchor.moveTo(scrollbar.placeAt(top))
      render()
      return true
    }
    const most = scrollbar.farthestNative(viewport())
    const dragged = Math.abs(by) > GESTURE_SCREENS * viewport()
    if (dragged) aim = () => standAt(top / most)
    else anchor.moveBy(by)
    render()
    // The scrollbar may be at its end before the lines are.
    if (!dragged && (top <= 0 || top >= most - 1)) settle()
    clearTimeout(settling)
    settling = setTimeout(settleUnlessMoved, SETTLED_MS)
    return true
  }

  function settleUnlessMoved() {
    if (!scrolled()) settle()
  }

  // Somebody may have scrolled over the rows that the page came with before there was a script.
  if (varied()) recycler.measure()
  anchor.moveBy(scroller.scrollTop)
  stretch(0)
  scroller.classList.add('live')
  native = scroller.scrollTop
  scroller.addEventListener('scroll', scrolled)
  scroller.addEventListener('scrollend', settleUnlessMoved)

  return {
    /** Shows what changed of rows and sizes; the upper line stays where it is. */
    update() {
      scrolled()
      render()
      // A scrollbar that is set would end the gesture that is under way; that settles by itself.
      if (settling === 0) settle()
    },
    /** Moves by exactly so many px. @param {number} pixels */
    scrollBy(pixels) {
      scrolled()
      aim = null
      direction = Math.sign(pixels)
      anchor.moveBy(pixels)
      update()
    },
    toStart: () => aimAt(() => anchor.moveTo(START)),
    toEnd: () =>
      aimAt(() => {
        anchor.moveTo({ line: count, offset: 0 })
        fill()
        anchor.moveBy(recycler.heightOf(count) + PAD_BOTTOM - viewport())
      }),
    /** Puts a line into view. @param {number} line @param {'start' | 'center' | 'nearest'} where */
    reveal(line, where) {
      const { from, to } = anchor.reach(-MARGIN)
      if (where === 'nearest' && from < line && line < to) return
      const up = where === 'start' || (where === 'nearest' && line <= from)
      aimAt(() => {
        anchor.moveTo({ line, offset: 0 })
        fill()
        const free = viewport() - recycler.heightOf(line)
        anchor.moveBy(-(where === 'center' ? Math.max(0, free / 2) : up ? MARGIN : free - MARGIN))
      })
    },
    /** The line at the upper edge. */
    topLine: () => anchor.place().line,
    viewport,
  }
}
