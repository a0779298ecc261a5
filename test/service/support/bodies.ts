const MIB = 1024 * 1024

const log = (sizeBytes: number) => {
  const line = (_: unknown, index: number) =>
    `${index} 2026-11-23T00:00:${index % 60} level=${index % 7 ? 'info' : 'WARN'} took ${(index * 7919) % 997} ms\n`
  return Buffer.from(Array.from({ length: Math.ceil(sizeBytes / 40) }, line).join('')).subarray(0, sizeBytes)
}
// Euro signs at an offset that puts a frame's border into one of them.
const euros = Buffer.from(`x${'€'.repeat(MIB / 2)}\n€uro\n`)

/** Contents that are told by lines, each with a trap of its own; frames end at every MiB. */
export const BODIES = [
  { what: 'a log over three frames', content: log(2 * MIB + 4_321), slug: '' },
  { what: 'lines with CR LF', content: Buffer.from('one\r\ntwo\r\n\r\nfour\r\n'), slug: '' },
  { what: 'no newline at the end', content: Buffer.from('one\ntwo\nthree'), slug: '' },
  { what: 'one line of 3 MiB', content: Buffer.alloc(3 * MIB, 'all one line '), slug: '' },
  { what: 'two million empty lines', content: Buffer.alloc(2 * MIB, '\n'), slug: '' },
  { what: 'UTF-8 across a frame border', content: euros, slug: '' },
  { what: 'binary', content: Buffer.from([0, 10, 255, 254, 10, 10, 0, 13, 10, 200]), slug: '' },
]

/** How many lines `wc -l` counts, and one more where the last has no newline. */
export function linesOf(content: Buffer): number {
  return content.toString('latin1').replace(/\n$/, '').split('\n').length
}

/** All contents, or on real servers one of several frames: what frames hold is not their concern. */
export function bodiesFor(lane: 'embedded' | 'shared'): typeof BODIES {
  return lane === 'embedded' ? BODIES : BODIES.slice(0, 1)
}
