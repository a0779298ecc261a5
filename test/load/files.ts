import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { SMALL_BYTES, smallTexts } from './data.ts'

/** Writes a file that wrk or a reference reads; gives its path. */
export function write(folder: string, name: string, content: Buffer | readonly string[]): string {
  mkdirSync(folder, { recursive: true })
  const file = join(folder, name)
  writeFileSync(file, Buffer.isBuffer(content) ? content : content.map((line) => `${line}\n`).join(''))
  return file
}

/** The first `count` small texts, one after the other. */
export function* smallBodies(count: number): Generator<Buffer> {
  const texts = smallTexts(count)
  for (let index = 0; index < count; index++) yield texts.subarray(index * SMALL_BYTES, (index + 1) * SMALL_BYTES)
}
