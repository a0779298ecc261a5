import type { Paste, Pastes } from '../../paste/index.ts'
import { type Highlighter, TERMINAL } from '../highlight/index.ts'
import { isTerminalOutput } from '../shared/terminal.js'
import { type PasteView, viewOf } from './paste-page.ts'
import { askedOf, type Reading, renderReading } from './reading-line.ts'
import { PAGE_LINES } from './viewer-footer.ts'

const PAGE_BYTES = 256 * 1024

/** The line with which a page of a large paste begins: `from` as the address has it, or the nearest line there is. */
export function firstLine({ content }: Pick<Paste, 'content'>, from: string | undefined): number {
  return Math.min(Math.max(/^\d{1,15}$/.test(from ?? '') ? Number(from) : 1, 1), content.lines)
}

/** Whether a text is shown as a terminal does: it was made for one, and nobody says that it is source code. */
export function isForTerminal(text: string, wanted: string | undefined): boolean {
  return (wanted === undefined || wanted === 'log' || wanted === 'plaintext') && isTerminalOutput(text)
}

/** Which page of a large paste is asked for; `from` is what the address says: what is no line is the nearest one. */
export type WindowAddress = Omit<Reading, 'terminal' | 'unread'> & {
  from: string | undefined
  wanted: string | undefined
  client: string
}

/**
 * The view of a paste that is too large to be shown whole: its lines from `from` on, at most {@link PAGE_LINES} in
 * 256 KiB.
 */
export async function viewWindow(
  paste: Paste,
  { from, wanted, client, ...asked }: WindowAddress,
  deps: { pastes: Pick<Pastes, 'excerpt'>; highlighter: Highlighter; base: string },
): Promise<PasteView> {
  const { slug, content } = paste
  const { path, charset, chosen, source } = asked
  const first = firstLine(paste, from)
  const range = { first, mostLines: PAGE_LINES, mostBytes: PAGE_BYTES, charset }
  const { text, lines, cut } = await deps.pastes.excerpt(paste, range)
  const last = first + lines - 1
  const linkTo = `${deps.base}/raw/${slug}?${askedOf({ chosen, source: false })}lines=`
  const shape = { kind: 'some', first, total: content.lines, cut, linkTo } as const
  const terminal = isForTerminal(text, wanted)
  const language = terminal && !source ? TERMINAL : wanted
  const rendered = await deps.highlighter.render({ text, language, shape, client })
  const window = { path, asked: askedOf(asked), first, last, total: content.lines }
  return { ...viewOf(rendered), window, reading: renderReading(paste, { ...asked, terminal }), charset: chosen }
}
