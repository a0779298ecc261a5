import { PAD_BOTTOM, PAD_TOP } from './scrollbar.js'

/** @import { Place } from './scrollbar.js' */
/** @import { createScrollbar } from './scrollbar.js' */
/** @import { createRowRecycler } from './row-recycler.js' */

/**
 * Where a viewer stands, and what it sees from there. Rows that were not measured count as 20 px.
 * @param {object} parts
 * @param {number} parts.count lines
 * @param {ReturnType<typeof createScrollbar>} parts.scrollbar
 * @param {Pick<ReturnType<typeof createRowRecycler>, 'first' | 'last' | 'heightOf' | 'heightOfAll'>} parts.recycler
 * @param {() => number} parts.viewport px that are seen at once
 * @param {() => boolean} parts.varied whether rows may be higher than 20 px
 */
export function createScrollAnchor({ count, scrollbar, recycler, viewport, varied }) {
  /** @type {Place} */
  let place = { line: recycler.first(), offset: -PAD_TOP }

  /** Makes the place name the row in which it lies. */
  function walk() {
    while (place.offset >= recycler.heightOf(place.line) && place.line < count) {
      place.offset -= recycler.heightOf(place.line)
      place.line++
    }
    while (place.offset < 0 && place.line > 1) {
      place.line--
      place.offset += recycler.heightOf(place.line)
    }
    if (place.line === 1) place.offset = Math.max(place.offset, -PAD_TOP)
  }

  /** @param {number} pixels */
  function moveBy(pixels) {
    if (varied()) {
      place.offset += pixels
      walk()
    } else {
      const position = scrollbar.positionOf(place) + pixels
      place = scrollbar.placeAt(Math.min(Math.max(position, 0), scrollbar.farthest(viewport())))
    }
  }

  return {
    place: () => place,
    /** @param {Place} there */
    moveTo(there) {
      place = { ...there }
    },
    moveBy,
    walk,
    isStart: () => place.line === 1 && place.offset <= -PAD_TOP,
    /** The lines from so many px above the upper edge to so many below the lower one. @param {number} beyond */
    reach(beyond) {
      let from = place.line
      for (let y = -place.offset; from > 1 && y > -beyond; y -= recycler.heightOf(from)) from--
      let to = place.line
      let y = recycler.heightOf(to) - place.offset
      for (; to < count && y < viewport() + beyond; y += recycler.heightOf(to)) to++
      return { from, to }
    },
    /** Moves back until below the last line there is its padding and nothing else; true when that is the end. */
    keepEndDown() {
      if (recycler.last() !== count) return false
      const y = recycler.heightOfAll(place.line, count) - place.offset + PAD_BOTTOM
      if (y < viewport()) moveBy(y - viewport())
      return y <= viewport() + 1
    },
    /** Px from the upper edge up to the first row that there is. */
    above: () => place.offset + recycler.heightOfAll(recycler.first(), place.line - 1),
    /**
     * How far down the screen, from 0 to 1, lies the line that is as far down the content: where the scrollbar belongs
     * when rows have all heights.
     */
    share() {
      let low = 0
      let high = 1
      for (let step = 0; step < 24; step++) {
        const middle = (low + high) / 2
        if (linesAbove(middle * viewport()) / count > middle) low = middle
        else high = middle
      }
      return low
    },
  }

  /** Lines, the last one in part, above a height of the screen. @param {number} y */
  function linesAbove(y) {
    let line = place.line
    let rest = y + place.offset
    for (; line < count && rest >= recycler.heightOf(line); line++) rest -= recycler.heightOf(line)
    return line - 1 + Math.min(1, Math.max(0, rest / recycler.heightOf(line)))
  }
}
