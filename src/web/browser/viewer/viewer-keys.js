import { ROW_HEIGHT } from './scrollbar.js'

/** @import { createViewer } from './viewer.js' */

// Two lines of the last screen stay, so that the eye finds its place.
const KEPT_ROWS = 2

/**
 * The keys that move over the lines, whatever has the focus.
 * @param {Pick<ReturnType<typeof createViewer>, 'scrollBy' | 'viewport'>} viewer
 * @param {HTMLElement} scroller
 * @returns {Record<string, (event: KeyboardEvent) => void>}
 */
export function viewerKeys(viewer, scroller) {
  const screen = () => Math.max(1, Math.floor(viewer.viewport() / ROW_HEIGHT) - KEPT_ROWS) * ROW_HEIGHT
  const down = () => viewer.scrollBy(screen())
  const up = () => viewer.scrollBy(-screen())
  return {
    ArrowDown: () => viewer.scrollBy(ROW_HEIGHT),
    ArrowUp: () => viewer.scrollBy(-ROW_HEIGHT),
    ArrowRight: () => scroller.scrollBy(2 * ROW_HEIGHT, 0),
    ArrowLeft: () => scroller.scrollBy(-2 * ROW_HEIGHT, 0),
    PageDown: down,
    PageUp: up,
    ' ': (event) => (event.shiftKey ? up() : down()),
  }
}
