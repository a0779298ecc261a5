import type { Content } from '../../content/index.ts'
import type { Excerpt, ExcerptRange, Paste } from '../model/index.ts'
import { readText } from './first-lines.ts'

/**
 * Some lines of a paste as text, see {@link Excerpt}. Decodes only the one or two frames that hold them. Throws
 * RangeError when there is no line `first`.
 */
export async function readExcerpt(
  content: Content,
  paste: Paste,
  { first, mostLines, mostBytes, charset }: ExcerptRange,
): Promise<Excerpt> {
  const range = await content.findLines(paste.content, first, first + mostLines - 1)
  if (range === undefined) throw new RangeError(`there is no line ${first}`)
  const isWhole = range.end - range.start <= mostBytes
  const end = isWhole ? range.end : range.start + mostBytes
  const text = await readText(content, paste, { start: range.start, end, charset, whole: isWhole })
  if (isWhole) return { text, lines: range.last - range.first + 1, cut: false }
  const lineEnd = text.lastIndexOf('\n') + 1
  if (lineEnd === 0) return { text, lines: 1, cut: true }
  return { text: text.slice(0, lineEnd), lines: text.slice(0, lineEnd).split('\n').length - 1, cut: false }
}
