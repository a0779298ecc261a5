import { charsetOf } from '../../content/index.ts'
import type { Paste, Pastes } from '../../paste/index.ts'
import type { Highlighter } from '../highlight/index.ts'
import type { FormValues } from './form-page.ts'

const COPY_BYTES = 1024 * 1024

/** The form filled with a paste's text, title and language; empty, with the reason, when it can't be copied. */
export async function prefillFrom(
  paste: Paste,
  client: string,
  { pastes, highlighter }: { pastes: Pick<Pastes, 'firstLines'>; highlighter: Highlighter },
): Promise<FormValues> {
  const { content, slug, maxViews } = paste
  const refuse = (problem: string): FormValues => ({ problem })
  if (maxViews !== null)
    return refuse(`/${slug} was not copied: its readings are counted, and copying would use one up. Open it there.`)
  if (charsetOf(content) === undefined)
    return refuse(`/${slug} was not copied: it is not text. Download it, then choose the file here.`)
  if (content.sizeBytes > COPY_BYTES)
    return refuse(`/${slug} was not copied: it is larger than 1 MiB. Download it, then choose the file here.`)
  const { text } = await pastes.firstLines(paste, COPY_BYTES)
  const { html } = await highlighter.render({ text, language: 'plaintext', shape: { kind: 'area' }, client })
  return { contentHtml: html, title: paste.title ?? '', language: paste.language ?? '' }
}
