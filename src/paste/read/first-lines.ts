import { type Content, charsetOf, decodeText } from '../../content/index.ts'
import type { Paste } from '../model/index.ts'

/**
 * The first lines of a paste as text: all if it has at most `mostBytes`, else up to the last line end before that, or
 * the last whole character of a longer first line. What can't be read becomes U+FFFD.
 *
 * @param charset how the bytes are read; undefined: as what they were found to be
 */
export async function readFirstLines(
  content: Content,
  paste: Paste,
  mostBytes: number,
  charset?: string | undefined,
): Promise<{ text: string; complete: boolean; lines: number }> {
  const { sizeBytes, lines } = paste.content
  const complete = sizeBytes <= mostBytes
  const end = Math.min(sizeBytes, mostBytes)
  const read = await readText(content, paste, { start: 0, end, charset, whole: complete })
  if (complete) return { text: read, complete, lines }
  const text = read.slice(0, read.lastIndexOf('\n') + 1 || read.length)
  return { text, complete, lines: text.split('\n').length - (text.endsWith('\n') ? 1 : 0) }
}

/** All bytes of a paste. */
export async function readBytes(content: Content, { content: stored }: Paste): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of content.read(stored, 0, stored.sizeBytes)) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** Bytes of a paste as text; unless they are `whole`, without a character that is not complete at their end. */
export async function readText(
  content: Content,
  paste: Paste,
  { start, end, charset, whole }: { start: number; end: number; charset: string | undefined; whole: boolean },
): Promise<string> {
  const source = content.read(paste.content, start, end)
  let text = ''
  for await (const piece of decodeText(source, charset ?? charsetOf(paste.content) ?? 'utf-8', whole)) text += piece
  return text
}
