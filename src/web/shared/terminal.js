import { PLAIN, selectRendition } from './terminal-style.js'

/** @import { TerminalStyle } from './terminal-style.js' */

/**
 * A line as a terminal leaves it: runs of one style each, how often it was begun anew, and the style of what follows.
 * @typedef {object} TerminalLine
 * @property {{ text: string, style: TerminalStyle }[]} runs
 * @property {number} updates
 * @property {TerminalStyle} style
 */

// No cursor goes farther to the right than that beyond the text: blanks cost memory.
const MOST_BLANKS = 512
const MOST_LINK = 2_000

// CSI (ECMA-48), OSC, other strings, other escapes, one control character, or text.
const TOKENS =
  /\x1b\[([0-?]*)[ -/]*([@-~])|\x1b\]([^\x07\x1b]*)(?:\x07|\x1b\\)|\x1b[PX^_][^\x1b]*\x1b\\|\x1b[ -/]*[0-~]|([\x00-\x08\x0a-\x1f\x7f-\x9f])|[^\x00-\x08\x0a-\x1f\x7f-\x9f]+/g

/**
 * Whether a text was made for a terminal: it has escape sequences, or lines that begin anew. A text without any line
 * feed has its lines ended by CR.
 * @param {string} text
 * @public
 */
export function isTerminalOutput(text) {
  return /\x1b[[\]]/.test(text) || (text.includes('\n') && /[^\r\n]\r(?=[^\r\n])/.test(text))
}

/**
 * Reads a line as a terminal does: colours, `\r` and other moves within the line, erasing. All else that is no text is
 * left out. Takes time in proportion to the text, and gives at most its characters and 512 blanks for each move.
 * @param {string} text a line without its end
 * @param {TerminalStyle} [style] of the line before
 * @returns {TerminalLine}
 * @public
 */
export function readTerminalLine(text, style = PLAIN) {
  /** @type {string[]} */
  const cells = []
  /** @type {TerminalStyle[]} */
  const styles = []
  let at = 0
  let updates = 0
  let blanks = 0

  const put = (/** @type {string} */ letters) => {
    for (; cells.length < at; blanks++) {
      cells.push(' ')
      styles.push(PLAIN)
    }
    for (const letter of letters) {
      cells[at] = letter
      styles[at++] = style
    }
  }
  const eraseFrom = (/** @type {number} */ cell) => {
    cells.length = styles.length = Math.min(cell, cells.length)
  }
  const goTo = (/** @type {number} */ column) => {
    at = Math.max(0, Math.min(column, cells.length + Math.max(0, MOST_BLANKS - blanks)))
  }
  const control = (/** @type {string} */ parameters, /** @type {string} */ final) => {
    const first = Number.parseInt(parameters, 10)
    const many = first > 0 ? first : 1
    if (final === 'm') style = selectRendition(style, parameters)
    else if (final === 'C') goTo(at + many)
    else if (final === 'D') goTo(at - many)
    else if (final === 'G') goTo(many - 1)
    else if (final === 'K' && first === 2) eraseFrom(0)
    else if (final === 'K' && first !== 1) eraseFrom(at)
  }

  for (const [token, parameters = '', final, command, single] of text.matchAll(TOKENS)) {
    if (final !== undefined) control(parameters, final)
    else if (command !== undefined) {
      const link = linkOf(command, style.link)
      if (link !== style.link) style = { ...style, link }
    } else if (single === '\r') {
      if (at > 0) updates++
      at = 0
    } else if (single === '\b') goTo(at - 1)
    else if (single === undefined && !token.startsWith('\x1b')) put(token)
  }
  return { runs: runsOf(cells, styles), updates, style }
}

/**
 * A text as a terminal leaves it, without its colours; line ends stay.
 * @param {string} text
 * @public
 */
export function cleanTerminalText(text) {
  return text.replace(/[^\n]+/g, (line) => {
    const end = line.endsWith('\r') ? '\r' : ''
    const { runs } = readTerminalLine(line.slice(0, line.length - end.length))
    return runs.map((run) => run.text).join('') + end
  })
}

/** @param {string[]} cells @param {TerminalStyle[]} styles */
function runsOf(cells, styles) {
  const runs = []
  for (let from = 0; from < cells.length; ) {
    const style = /** @type {TerminalStyle} */ (styles[from])
    let to = from + 1
    while (to < cells.length && styles[to] === style) to++
    runs.push({ text: cells.slice(from, to).join(''), style })
    from = to
  }
  return runs
}

/**
 * The target of what follows an operating system command `8;…;address`.
 * @param {string} command
 * @param {string | null} before
 */
function linkOf(command, before) {
  const match = /^8;[^;]*;(.*)$/.exec(command)
  if (!match) return before
  const address = match[1] ?? ''
  if (address.length > MOST_LINK || !/^https?:\/\//i.test(address)) return null
  return URL.canParse(address) ? new URL(address).href : null
}
