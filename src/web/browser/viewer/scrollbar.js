/**
 * Where the viewer stands: `offset` px below the upper edge of a line's row. Above the first row it is negative.
 * @typedef {{ line: number, offset: number }} Place
 */

/** Height in px of a row that is not wrapped. */
export const ROW_HEIGHT = 20
/** Room in px above the first row. */
export const PAD_TOP = 8
/** Room in px below the last row. */
export const PAD_BOTTOM = 48
// Browsers cap the height of elements at 17 to 33 million px, and place them by floats of 24 bits.
const MOST_PIXELS = 8_000_000

/**
 * Maps positions of a scrollbar to lines. Positions are px from the top of a content whose rows were all 20 px high;
 * native ones are `scrollTop` of a box that is at most 8 million px long inside.
 * @param {number} count lines, from 1
 */
export function createScrollbar(count) {
  const content = PAD_TOP + count * ROW_HEIGHT + PAD_BOTTOM
  let height = Math.min(content, MOST_PIXELS)
  /** @param {number} viewport */
  const farthest = (viewport) => Math.max(0, content - viewport)
  /** @param {number} viewport */
  const farthestNative = (viewport) => Math.max(0, height - viewport)
  return {
    /** Height in px of what is scrolled. */
    height: () => height,
    /** Makes room for rows that are higher than others. @param {number} extra px in all that are known of */
    stretch(extra) {
      height = Math.min(content + extra, MOST_PIXELS)
    },
    /** Whether a px of the scrollbar's way is a px of the content. */
    exact: () => height === content,
    /** @param {Place} place */
    positionOf: ({ line, offset }) => PAD_TOP + (line - 1) * ROW_HEIGHT + offset,
    /** @param {number} position @returns {Place} */
    placeAt(position) {
      const line = Math.min(Math.max(Math.floor((position - PAD_TOP) / ROW_HEIGHT) + 1, 1), count)
      return { line, offset: position - PAD_TOP - (line - 1) * ROW_HEIGHT }
    },
    /** The last position, at which the end is in view. */
    farthest,
    /** @param {number} position @param {number} viewport px that are seen of it */
    toNative(position, viewport) {
      if (height === content) return position
      return farthest(viewport) === 0 ? 0 : (position / farthest(viewport)) * farthestNative(viewport)
    },
    /** @param {number} native @param {number} viewport */
    toPosition(native, viewport) {
      if (height === content) return native
      // Rounded scroll positions must not keep the ends out of reach.
      if (native >= farthestNative(viewport) - 1) return farthest(viewport)
      return Math.round((native / farthestNative(viewport)) * farthest(viewport))
    },
    farthestNative,
  }
}
