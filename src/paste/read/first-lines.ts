import type { Content } from '../../content/index.ts'
import type { Paste } from '../model/index.ts'

const NEWLINE = 0x0a

/**
 * The first lines of a paste as text: all if it has at most `mostBytes`, else up to the last line end before that, or
 * the last whole character of a longer first line. Invalid UTF-8 becomes U+FFFD.
 */
export async function readFirstLines(
  content: Content,
  paste: Paste,
  mostBytes: number,
): Promise<{ text: string; complete: boolean; lines: number }> {
  const { sizeBytes, lines } = paste.content
  const complete = sizeBytes <= mostBytes
  const chunks: Buffer[] = []
  for await (const chunk of content.read(paste.content, 0, Math.min(sizeBytes, mostBytes))) chunks.push(chunk)
  const bytes = Buffer.concat(chunks)
  if (complete) return { text: bytes.toString('utf8'), complete, lines }
  const end = bytes.lastIndexOf(NEWLINE) + 1 || wholeCharacters(bytes)
  const text = bytes.toString('utf8', 0, end)
  return { text, complete, lines: text.split('\n').length - (text.endsWith('\n') ? 1 : 0) }
}

/** Where the last whole character of these bytes ends: a UTF-8 sequence has at most 4, its first is never 10xxxxxx. */
export function wholeCharacters(bytes: Buffer): number {
  let end = bytes.length
  while (end > 0 && bytes.length - end < 4 && ((bytes[end - 1] ?? 0) & 0xc0) === 0x80) end--
  return Math.max(0, end - 1) || bytes.length
}
