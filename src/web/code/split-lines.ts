/** One line of a page: its HTML, and, of a very long line, the part that is shown only on request. */
export type Line = { html: string; rest: string; characters: number }

/** A line longer than this many UTF-16 units is cut; the page offers to show all of it. */
export const CUT_AT = 2_000
/** Deeper spans are left out: each line end closes all that are open and opens them again. */
const MOST_NESTED = 32
/** About what the element of a row takes, see `code-view.ts`. */
export const ROW_CHARACTERS = 40

/** Escapes text for element content, the way highlight.js does it, so that both can be split by {@link splitLines}. */
export function escapeText(text: string): string {
  return /[&<>]/.test(text) ? text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;') : text
}

/**
 * Splits highlighted HTML at its line ends. The input is what highlight.js gives: `<span class="…">`, `</span>` and
 * escaped text. Spans that are open at a line's end (or where a long line is cut) are closed there and opened again,
 * so each piece is well-formed by itself. A final line end makes no empty last line, as in an editor. Null when the
 * lines would take more than `mostCharacters`: what is opened again multiplies with the lines.
 */
export function splitLines(html: string, mostCharacters: number, cutAt?: number): Line[] | null
export function splitLines(html: string): Line[]
export function splitLines(html: string, mostCharacters = Number.POSITIVE_INFINITY, cutAt = CUT_AT): Line[] | null {
  const lines: Line[] = []
  const open: string[] = []
  /** Spans inside of the innermost that is kept. */
  let leftOut = 0
  let characters = 0
  let line: Line = { html: '', rest: '', characters: 0 }
  const emit = (piece: string) => {
    if (line.characters > cutAt) line.rest += piece
    else line.html += piece
  }
  const closeAll = () => emit('</span>'.repeat(open.length))
  /** Whether the finished line and its row still fit. */
  const fits = () => {
    characters += line.html.length + line.rest.length + ROW_CHARACTERS
    return characters <= mostCharacters
  }
  // A token is a tag, a line end, a character reference, or a run of plain text.
  for (const [token] of html.matchAll(/<[^>]*>|\r?\n|&[#\w]+;|[^<\r\n&]+|[\r&]/g)) {
    if (token === '</span>') {
      if (leftOut > 0) leftOut--
      else {
        open.pop()
        emit(token)
      }
    } else if (token.startsWith('<')) {
      if (open.length === MOST_NESTED) leftOut++
      else {
        open.push(token)
        emit(token)
      }
    } else if (token === '\n' || token === '\r\n') {
      closeAll()
      if (!fits()) return null
      lines.push(line)
      line = { html: open.join(''), rest: '', characters: 0 }
    } else {
      // A character reference stands for one character and must not be cut in two.
      const width = token.startsWith('&') ? 1 : token.length
      const room = cutAt - line.characters
      if (room >= 0 && width > room) {
        const keep = isHighSurrogate(token.charCodeAt(room - 1)) ? room - 1 : room
        line.html += width === 1 ? '' : token.slice(0, keep)
        closeAll()
        line.characters += width
        line.rest = open.join('') + (width === 1 ? token : token.slice(keep))
      } else {
        line.characters += width
        emit(token)
      }
    }
  }
  closeAll()
  if (!fits()) return null
  if (line.characters > 0 || lines.length === 0) lines.push(line)
  return lines
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff
}
