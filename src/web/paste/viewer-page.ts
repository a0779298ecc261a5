import type { Paste, Pastes } from '../../paste/index.ts'
import type { Highlighter } from '../highlight/index.ts'
import { renderReading } from './charset-notice.ts'
import { type PasteView, viewOf } from './paste-page.ts'
import { PAGE_LINES } from './viewer-footer.ts'

const PAGE_BYTES = 256 * 1024

/** The line with which a page of a large paste begins: `from` as the address has it, or the nearest line there is. */
export function firstLine({ content }: Pick<Paste, 'content'>, from: string | undefined): number {
  return Math.min(Math.max(/^\d{1,15}$/.test(from ?? '') ? Number(from) : 1, 1), content.lines)
}

/**
 * The view of a paste that is too large to be shown whole: its lines from `from` on, at most {@link PAGE_LINES} in
 * 256 KiB. `from` is what the address says; what is no line is taken for the nearest one.
 */
export async function viewWindow(
  paste: Paste,
  {
    from,
    path,
    wanted,
    client,
    charset,
    chosen,
  }: {
    from: string | undefined
    path: string
    wanted: string | undefined
    client: string
    charset: string
    chosen: string | undefined
  },
  deps: { pastes: Pick<Pastes, 'excerpt'>; highlighter: Highlighter; base: string },
): Promise<PasteView> {
  const { slug, content } = paste
  const first = firstLine(paste, from)
  const range = { first, mostLines: PAGE_LINES, mostBytes: PAGE_BYTES, charset }
  const excerpt = await deps.pastes.excerpt(paste, range)
  const last = first + excerpt.lines - 1
  const asked = chosen === undefined ? '' : `charset=${chosen}&`
  const shape = {
    kind: 'some',
    first,
    total: content.lines,
    cut: excerpt.cut,
    linkTo: `${deps.base}/raw/${slug}?${asked}lines=`,
  } as const
  const rendered = await deps.highlighter.render({ text: excerpt.text, language: wanted, shape, client })
  const window = { path, asked, first, last, total: content.lines }
  const reading = renderReading(path, paste, { charset, chosen: chosen !== undefined })
  return { ...viewOf(rendered), window, reading, charset: chosen }
}
