import type { Paste, Pastes } from '../../paste/index.ts'
import type { Highlighter } from '../highlight/index.ts'
import { renderSomeLines } from './code-view.ts'
import type { PasteView } from './paste-page.ts'
import { escapeText, splitLines } from './split-lines.ts'
import { PAGE_LINES } from './viewer-footer.ts'

const PAGE_BYTES = 256 * 1024

/**
 * The view of a paste that is too large to be shown whole: its lines from `from` on, at most {@link PAGE_LINES} in
 * 256 KiB. `from` is what the address says; what is no line is taken for the nearest one.
 */
export async function viewWindow(
  paste: Paste,
  { from, path, wanted }: { from: string | undefined; path: string; wanted: string | undefined },
  deps: { pastes: Pick<Pastes, 'excerpt'>; highlighter: Highlighter },
): Promise<PasteView> {
  const { slug, content } = paste
  const first = Math.min(Math.max(/^\d{1,15}$/.test(from ?? '') ? Number(from) : 1, 1), content.lines)
  const range = { first, mostLines: PAGE_LINES, mostBytes: PAGE_BYTES }
  const excerpt = await deps.pastes.excerpt(paste, range)
  const last = first + excerpt.lines - 1
  const { html: coloured, language } =
    wanted === 'plaintext' ? { html: null, language: wanted } : await deps.highlighter.highlight(excerpt.text, wanted)
  const body = renderSomeLines(
    {
      lines: splitLines(coloured ?? escapeText(excerpt.text)),
      first,
      total: content.lines,
      ended: excerpt.text.endsWith('\n'),
      cut: excerpt.cut,
      linkTo: (line) => `/raw/${slug}?lines=${line}`,
    },
    language,
  )
  const window = { path, first, last, total: content.lines }
  return { body, language: language ?? 'plaintext', notice: '', window }
}
