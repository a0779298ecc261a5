import { html } from 'ghtml'
import { readTerminalLine } from '../shared/terminal.js'
import { classesOf, PLAIN } from '../shared/terminal-style.js'
import { countWords } from '../shared/words.js'
import { CUT_AT, escapeText, type Line, ROW_CHARACTERS } from './split-lines.ts'

type Run = ReturnType<typeof readTerminalLine>['runs'][number]

/**
 * The lines of a terminal's output in its colours: see `shared/terminal.js` for what becomes of its controls. Null when
 * their HTML would take more than `mostCharacters`.
 */
export function terminalLines(text: string, mostCharacters: number): Line[] | null {
  const lines: Line[] = []
  let style = PLAIN
  let characters = 0
  const ended = text.endsWith('\n') ? text.slice(0, -1) : text
  for (const raw of ended.split('\n')) {
    const read = readTerminalLine(raw.endsWith('\r') ? raw.slice(0, -1) : raw, style)
    style = read.style
    const line = lineOf(read.runs, read.updates)
    characters += line.html.length + line.rest.length + ROW_CHARACTERS
    if (characters > mostCharacters) return null
    lines.push(line)
  }
  return lines
}

function lineOf(runs: readonly Run[], updates: number): Line {
  const line: Line = { html: '', rest: '', characters: 0 }
  for (const { text, style } of runs) {
    const room = Math.max(0, CUT_AT - line.characters)
    // No character is cut in two.
    const keep = /[\ud800-\udbff]/.test(text.charAt(room - 1)) ? room - 1 : room
    if (keep > 0) line.html += renderRun(text.slice(0, keep), style)
    if (text.length > keep) line.rest += renderRun(text.slice(keep), style)
    line.characters += text.length
  }
  if (updates > 0) line.html += `<span class="updates" data-updates="${countWords(updates, 'update')}"></span>`
  return line
}

function renderRun(text: string, style: Run['style']): string {
  const classes = classesOf(style)
  const shown = classes === '' ? escapeText(text) : `<span class="${classes}">${escapeText(text)}</span>`
  if (style.link === null) return shown
  const { host } = new URL(style.link)
  return html`<a class="tty-link" href="${style.link}" rel="nofollow noopener noreferrer" data-to="${host}">!${shown}</a>`
}
