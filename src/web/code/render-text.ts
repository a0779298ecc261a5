import { renderCode, renderSomeLines, type SomeLines } from './code-view.ts'
import { terminalLines } from './render-terminal.ts'
import { escapeText, ROW_CHARACTERS, splitLines } from './split-lines.ts'

/** What a text becomes: the lines of a whole paste, some of a larger one, or the escaped content of a text area. */
export type Shape = { kind: 'whole' | 'area' } | ({ kind: 'some' } & Omit<SomeLines, 'lines' | 'ended'>)

const PER_CHARACTER = 8
const ALLOWANCE = 48 * 1024

/** What the rows of a text may take: with the frame of a page, 8 times the text and 64 KiB. */
export function mostRowCharacters(text: string): number {
  return PER_CHARACTER * text.length + ALLOWANCE
}

/** Whether the rows of a plain text stay within the bound, whatever it holds: `&` is shown by five characters. */
export function rowsFit({ sizeBytes, lines }: { sizeBytes: number; lines: number }): boolean {
  return lines * ROW_CHARACTERS <= (PER_CHARACTER - '&amp;'.length) * sizeBytes + ALLOWANCE
}

/** The rows of a text without colours; takes time and memory in proportion to it. */
export function renderPlain(text: string, shape: Shape, language: string | null): string {
  const escaped = escapeText(text)
  return shape.kind === 'area' ? escaped : renderShape(splitLines(escaped), text, shape, language)
}

/** The rows of a text in `coloured`, the HTML that highlight.js made of it; null when they would be too large. */
export function renderColoured(coloured: string, text: string, shape: Shape, language: string | null): string | null {
  const lines = splitLines(coloured, mostRowCharacters(text))
  return lines && renderShape(lines, text, shape, language)
}

/** The rows of a terminal's output in its colours; null when they would be too large. */
export function renderTerminal(text: string, shape: Shape, language: string): string | null {
  const lines = terminalLines(text, mostRowCharacters(text))
  return lines && renderShape(lines, text, shape, language)
}

function renderShape(
  lines: Parameters<typeof renderCode>[0],
  text: string,
  shape: Shape,
  language: string | null,
): string {
  const ended = text.endsWith('\n')
  return shape.kind === 'some'
    ? renderSomeLines({ ...shape, lines, ended }, language)
    : renderCode(lines, language, ended)
}
