import { html } from 'ghtml'
import type { Paste, Pastes } from '../../paste/index.ts'
import { rowsFit } from '../code/index.ts'
import { type Highlighter, languageOf, languageOfFile } from '../highlight/index.ts'
import { sizeWords } from '../shared/words.js'
import { type PasteView, pasteName, viewOf } from './paste-page.ts'
import { viewWindow } from './viewer-page.ts'

const HIGHLIGHT_CHARACTERS = 256 * 1024
// Up to here a browser takes about as long as for the viewer (some 150 ms of its main thread), and finds, selects and
// prints by itself; twice as much takes it twice as long.
const WHOLE_BYTES = 128 * 1024
const WHOLE_LINES = 3_000
// A reading that is counted is all there is: the browser can't ask for more lines. A million bytes of empty lines would
// be 30 MB of markup.
const READ_ONCE_BYTES = 1024 * 1024
const READ_ONCE_LINES = 20_000

/** Whether a paste's page holds its text from the first to the last line. */
export function isShownWhole({ content, maxViews }: Pick<Paste, 'content' | 'maxViews'>): boolean {
  const { utf8, sizeBytes, lines } = content
  if (!rowsFit(content)) return false
  if (maxViews !== null) return utf8 && sizeBytes <= READ_ONCE_BYTES && lines <= READ_ONCE_LINES
  return utf8 && sizeBytes <= WHOLE_BYTES && lines <= WHOLE_LINES
}

/** Which page of a paste is asked for. */
export type PasteAddress = {
  /** The path of the request, such as `/build-log.txt`. */
  path: string
  /** The `.ext` of the address, which beats what the paste says of its language. */
  ending?: string | undefined
  /** The `?from=` of the address: a line number, as it came. */
  from?: string | undefined
  /** Shares the rendering thread. */
  client: string
}

/**
 * What a paste's page shows: an image, a word about what can't be shown, all of the text (highlighted up to 256 KiB),
 * or, of a large one, a page of its lines.
 */
export async function viewPaste(
  paste: Paste,
  { path, ending, from, client }: PasteAddress,
  deps: { pastes: Pastes; highlighter: Highlighter },
): Promise<PasteView> {
  const { content, slug } = paste
  // An image would be asked for a second time, and that would be a second reading.
  if (content.mediaType.startsWith('image/') && paste.maxViews === null) {
    const alt = pasteName(paste)
    return { body: html`<div class="figure"><img src="/raw/${slug}" alt="${alt}"></div>`, language: null, notice: '' }
  }
  if (!content.utf8) {
    const words = html`This is not text (${content.mediaType}, ${sizeWords(content.sizeBytes)}).`
    const body = html`<div class="figure"><p>!${words}</p><p><a class="button primary" href="/download/${slug}">Download</a></p></div>`
    return { body, language: null, notice: '' }
  }
  const wanted = languageOf(ending) ?? languageOf(paste.language) ?? languageOfFile(paste.fileName ?? paste.title)
  if (!isShownWhole(paste)) return viewWindow(paste, { from, path, wanted, client }, deps)
  const { text } = await deps.pastes.firstLines(paste, READ_ONCE_BYTES)
  const language = text.length <= HIGHLIGHT_CHARACTERS ? wanted : 'plaintext'
  return viewOf(await deps.highlighter.render({ text, language, shape: { kind: 'whole' }, client }))
}
