import { largeLog } from '../load/data.ts'

/** 50 MiB of a log, and its lines without their ends, counted from 1. */
export type LargePaste = { bytes: Buffer; count: number; line(number: number): string }

/** The log of the load tests. */
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

/** Posts bytes by REST and gives the path of the paste. */
export async function postBytes(origin: string, bytes: Buffer, options = ''): Promise<string> {
  const answer = await fetch(`${origin}/api/v1/pastes?${options}`, {
    method: 'POST',
    headers: { 'content-type': 'text/plain' },
    body: bytes as Buffer<ArrayBuffer>,
  })
  if (answer.status !== 201) throw new Error(`${answer.status}: ${await answer.text()}`)
  return `/${((await answer.json()) as { slug: string }).slug}`
}
