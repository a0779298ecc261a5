/**
 * A line as the viewer keeps it: its text without the line end, at most 2,000 UTF-16 units of it.
 * @typedef {object} Line
 * @property {string} text
 * @property {number} bytes of all of it, the line end included; NaN where it is not known
 * @property {boolean} cut whether the text is only its beginning
 * @property {boolean} ended whether it has a line end
 * @property {boolean} [expanded] whether that is the most that is shown of it
 */

const NEWLINE = 10
const RETURN = 13
/** A line longer than this many UTF-16 units is cut, as on the server. */
export const CUT_AT = 2_000
// No UTF-16 unit takes more than three bytes of UTF-8.
const KEPT_BYTES = 3 * (CUT_AT + 1)

/**
 * Makes lines out of bytes as they come, holding no more of a line than is shown of it.
 * @param {(line: Line) => void} emit
 */
export function createLineParser(emit) {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  const kept = new Uint8Array(KEPT_BYTES)
  let keptBytes = 0
  let bytes = 0
  let last = 0

  /** @param {Uint8Array} piece of a line, without its end */
  function take(piece) {
    const room = piece.subarray(0, KEPT_BYTES - keptBytes)
    kept.set(room, keptBytes)
    keptBytes += room.length
    bytes += piece.length
    if (piece.length > 0) last = /** @type {number} */ (piece.at(-1))
  }

  /** @param {boolean} ended @param {number} length */
  function flush(ended, length) {
    const whole = keptBytes === bytes
    // A line end of two bytes is shown as one, like everywhere.
    const shown = whole && ended && last === RETURN ? keptBytes - 1 : keptBytes
    const text = decoder.decode(kept.subarray(0, shown))
    const cut = !whole || text.length > CUT_AT
    emit({ text: cut ? cutText(text) : text, bytes: length, cut, ended })
    keptBytes = 0
    bytes = 0
    last = 0
  }

  return {
    /** @param {Uint8Array} chunk */
    push(chunk) {
      let from = 0
      for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
        take(chunk.subarray(from, end))
        flush(true, bytes + 1)
        from = end + 1
      }
      take(chunk.subarray(from))
    },
    /** Bytes so far of the line that is not at its end. */
    lineBytes: () => bytes,
    /** The content ends here: a last line may have no line end. */
    end() {
      if (bytes > 0) flush(false, bytes)
    },
    /** Reading was given up here: what there is of the line is its beginning. */
    stop() {
      if (bytes > KEPT_BYTES) flush(true, Number.NaN)
    },
  }
}

/** @param {string} text @returns {string} its first 2,000 units, no character cut in two */
function cutText(text) {
  const last = text.charCodeAt(CUT_AT - 1)
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? CUT_AT - 1 : CUT_AT)
}
