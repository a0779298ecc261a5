import { html } from 'ghtml'
import { canBeRead, charsetOf } from '../../content/index.ts'
import type { Paste, Pastes } from '../../paste/index.ts'
import { rowsFit } from '../code/index.ts'
import { type Highlighter, languageOf, languageOfFile, TERMINAL } from '../highlight/index.ts'
import { sizeWords } from '../shared/words.js'
import { type PasteView, pasteName, viewOf } from './paste-page.ts'
import { countUnread, renderReading } from './reading-line.ts'
import { isForTerminal, viewWindow } from './viewer-page.ts'

const HIGHLIGHT_CHARACTERS = 256 * 1024
// Up to here a browser takes about as long as for the viewer (some 150 ms of its main thread), and finds, selects and
// prints by itself; twice as much takes it twice as long.
const WHOLE_BYTES = 128 * 1024
const WHOLE_LINES = 3_000
// A reading that is counted is all there is: the browser can't ask for more lines. A million bytes of empty lines would
// be 30 MB of markup.
const READ_ONCE_BYTES = 1024 * 1024
const READ_ONCE_LINES = 20_000

/** Whether a paste's page holds its text, read in this charset, from the first to the last line. */
export function isShownWhole(
  { content, maxViews }: Pick<Paste, 'content' | 'maxViews'>,
  charset: string | undefined = charsetOf(content),
): boolean {
  const { sizeBytes, lines } = content
  if (charset === undefined || !rowsFit(content)) return false
  if (maxViews !== null) return sizeBytes <= READ_ONCE_BYTES && lines <= READ_ONCE_LINES
  return sizeBytes <= WHOLE_BYTES && lines <= WHOLE_LINES
}

/** Which page of a paste is asked for. */
export type PasteAddress = {
  /** The path of the request, such as `/build-log.txt`. */
  path: string
  /** The `.ext` of the address, which beats what the paste says of its language. */
  ending?: string | undefined
  /** The `?from=` of the address: a line number, as it came. */
  from?: string | undefined
  /** The `?charset=` of the address: how the bytes are to be read, as it came. */
  charset?: string | undefined
  /** The `?as=` of the address: `source` shows the source of terminal output. */
  as?: string | undefined
  /** Shares the rendering thread. */
  client: string
}

/**
 * What a paste's page shows: an image, a word about what can't be shown, all of the text (highlighted up to 256 KiB),
 * or, of a large one, a page of its lines.
 */
export async function viewPaste(
  paste: Paste,
  address: PasteAddress,
  deps: { pastes: Pastes; highlighter: Highlighter; base: string },
): Promise<PasteView> {
  const { path, ending, from, client } = address
  const { content, slug } = paste
  const chosen = chosenCharset(paste, address.charset)
  const charset = chosen ?? charsetOf(content)
  // An image would be asked for a second time, and that would be a second reading.
  if (content.mediaType.startsWith('image/') && paste.maxViews === null && chosen === undefined) {
    const alt = pasteName(paste)
    return {
      body: html`<div class="figure"><img src="${deps.base}/raw/${slug}" alt="${alt}"></div>`,
      language: null,
      notice: '',
    }
  }
  if (charset === undefined) {
    const words = html`This is not text (${content.mediaType}, ${sizeWords(content.sizeBytes)}).`
    const body = html`<div class="figure"><p>!${words}</p><p><a class="button primary" href="${deps.base}/download/${slug}">Download</a> <a class="button" href="${path}?charset=windows-1252">Show as text</a></p></div>`
    return { body, language: null, notice: '' }
  }
  const wanted = languageOf(ending) ?? languageOf(paste.language) ?? languageOfFile(paste.fileName ?? paste.title)
  const asked = { path, charset, chosen, source: address.as === 'source' }
  if (!isShownWhole(paste, charset)) return viewWindow(paste, { ...asked, from, wanted, client }, deps)
  const { text } = await deps.pastes.firstLines(paste, READ_ONCE_BYTES, charset)
  const terminal = isForTerminal(text, wanted)
  const coloured = text.length <= HIGHLIGHT_CHARACTERS ? wanted : 'plaintext'
  const language = terminal && !asked.source ? TERMINAL : coloured
  const view = viewOf(await deps.highlighter.render({ text, language, shape: { kind: 'whole' }, client }))
  const unread = content.utf8 ? 0 : countUnread(text)
  return {
    ...view,
    reading: renderReading(paste, { ...asked, terminal, unread }),
    charset: charset === 'utf-8' ? undefined : charset,
  }
}

/** The charset that an address asks for, if the content can be read in it and is not so already. */
export function chosenCharset({ content }: Pick<Paste, 'content'>, charset: string | undefined): string | undefined {
  if (charset === undefined || charset === charsetOf(content)) return undefined
  return canBeRead(content, charset) ? charset : undefined
}
