import { largeLog } from '../load/data.ts'

/** A text, how many lines it has, and each of them without its end, counted from 1. */
export type LargePaste = { bytes: Buffer<ArrayBuffer>; count: number; line(number: number): string }

/** The log of the load tests, 50 MiB. */
export function largePaste(): LargePaste {
  const bytes = largeLog() as Buffer<ArrayBuffer>
  const starts = [0]
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) starts.push(at + 1)
  if (starts.at(-1) === bytes.length) starts.pop()
  const endOf = (number: number) => (number < starts.length ? (starts[number] as number) - 1 : bytes.length)
  return {
    bytes,
    count: starts.length,
    line: (number) => bytes.toString('latin1', starts[number - 1], endOf(number)).replace(/\n$/, ''),
  }
}

/** 30,000 lines that name their numbers, of 10 to 180 characters: more than a page shows at once. */
export function numberedPaste(): LargePaste {
  const count = 30_000
  const line = (number: number) => `line ${number} ${'and more of it '.repeat(number % 12)}`.trimEnd()
  const text = Array.from({ length: count }, (_, index) => `${line(index + 1)}\n`).join('')
  return { bytes: Buffer.from(text), count, line }
}

/** Posts bytes by REST and gives the path of the paste. */
export async function postBytes(origin: string, bytes: Buffer<ArrayBuffer>, options = ''): Promise<string> {
  const answer = await fetch(`${origin}/api/v1/pastes?${options}`, {
    method: 'POST',
    headers: { 'content-type': 'text/plain' },
    body: bytes,
  })
  if (answer.status !== 201) throw new Error(`${answer.status}: ${await answer.text()}`)
  return `/${((await answer.json()) as { slug: string }).slug}`
}
