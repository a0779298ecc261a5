import type { Content } from '../../content/index.ts'
import type { Excerpt, Paste } from '../model/index.ts'
import { wholeCharacters } from './first-lines.ts'

const NEWLINE = 0x0a

/**
 * Some lines of a paste as text, see {@link Excerpt}. Decodes only the one or two frames that hold them. Throws
 * RangeError when there is no line `first`.
 */
export async function readExcerpt(
  content: Content,
  paste: Paste,
  { first, mostLines, mostBytes }: { first: number; mostLines: number; mostBytes: number },
): Promise<Excerpt> {
  const range = await content.findLines(paste.content, first, first + mostLines - 1)
  if (range === undefined) throw new RangeError(`there is no line ${first}`)
  const isWhole = range.end - range.start <= mostBytes
  const chunks: Buffer[] = []
  const end = isWhole ? range.end : range.start + mostBytes
  for await (const chunk of content.read(paste.content, range.start, end)) chunks.push(chunk)
  const bytes = Buffer.concat(chunks)
  if (isWhole) return { text: bytes.toString('utf8'), lines: range.last - range.first + 1, cut: false }
  const lineEnd = bytes.lastIndexOf(NEWLINE) + 1
  if (lineEnd === 0) return { text: bytes.toString('utf8', 0, wholeCharacters(bytes)), lines: 1, cut: true }
  const text = bytes.toString('utf8', 0, lineEnd)
  return { text, lines: text.split('\n').length - 1, cut: false }
}
