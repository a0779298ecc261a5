import { html } from 'ghtml'
import type { Paste, Pastes } from '../paste/index.ts'
import { renderCode } from './code-view.ts'
import type { Highlighter } from './highlighter.ts'
import { languageOf, languageOfFile } from './languages.ts'
import { escapeText, splitLines } from './lines.ts'
import { type PasteView, pasteName } from './paste-page.ts'
import { numberWords, sizeWords } from './public/words.js'

const HIGHLIGHT_CHARACTERS = 256 * 1024
const WHOLE_BYTES = 1024 * 1024
// A million bytes of empty lines would be 30 MB of markup.
const WHOLE_LINES = 20_000
const HEAD_BYTES = 256 * 1024
const HEAD_LINES = 1_000

/** Whether a paste's page shows its text from the first to the last line. */
export function isShownWhole({ utf8, sizeBytes, lines }: Paste['content']): boolean {
  return utf8 && sizeBytes <= WHOLE_BYTES && lines <= WHOLE_LINES
}

/**
 * What a paste's page shows: an image, a word about what can't be shown, the text highlighted (up to 256 KiB), plain
 * (up to 1 MiB), or its first thousand lines. `ending` is the `.ext` of the address and beats what the paste says.
 */
export async function viewPaste(
  paste: Paste,
  ending: string | undefined,
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
  const whole = isShownWhole(content)
  const { text } = await deps.pastes.head(paste, whole ? WHOLE_BYTES : HEAD_BYTES)
  const shown = whole ? text : firstLines(text, HEAD_LINES)
  const { html: highlighted, language } =
    shown.length <= HIGHLIGHT_CHARACTERS && wanted !== 'plaintext'
      ? await deps.highlighter.highlight(shown, wanted)
      : { html: null, language: wanted ?? null }
  const lines = splitLines(highlighted ?? escapeText(shown))
  const notice = whole ? '' : renderNotice(paste, lines.length)
  return { body: renderCode(lines, language, shown.endsWith('\n')), language: language ?? 'plaintext', notice }
}

function firstLines(text: string, count: number): string {
  let end = 0
  for (let line = 0; line < count; line++) {
    const next = text.indexOf('\n', end)
    if (next < 0) return text
    end = next + 1
  }
  return text.slice(0, end)
}

function renderNotice({ slug, content }: Paste, lines: number): string {
  return html`These are the first ${numberWords(lines)} of ${numberWords(content.lines)} lines. <a href="/raw/${slug}">Raw</a> and <a href="/download/${slug}">Download</a> give all ${sizeWords(content.sizeBytes)}.`
}
