import { isUtf8 } from 'node:buffer'

/** Checks a stream of bytes for valid UTF-8 without joining it. */
export type Utf8Check = {
  /** Looks at the next bytes; keeps none but the at most 3 of a character that is not complete yet. */
  push(chunk: Buffer): void
  /** Whether everything so far can be the beginning of valid UTF-8. */
  mayBe(): boolean
  /** Whether everything so far, taken as a whole, is valid UTF-8 (RFC 3629). */
  valid(): boolean
}

/** A check that has seen nothing yet; nothing is valid UTF-8. */
export function createUtf8Check(): Utf8Check {
  let ok = true
  let carry = Buffer.alloc(0)
  return {
    push(chunk) {
      if (!ok) return
      let rest = chunk
      if (carry.length > 0) {
        const missing = characterBytes(carry[0] as number) - carry.length
        carry = Buffer.concat([carry, rest.subarray(0, missing)])
        if (rest.length < missing) return
        ok = isUtf8(carry)
        rest = rest.subarray(missing)
      }
      const complete = rest.length - incompleteBytes(rest)
      ok &&= isUtf8(rest.subarray(0, complete))
      carry = Buffer.from(rest.subarray(complete))
    },
    mayBe: () => ok,
    valid: () => ok && carry.length === 0,
  }
}

/** Length that a lead byte announces; 1 for what is no lead byte, which `isUtf8` then refuses. */
function characterBytes(lead: number): number {
  if (lead >= 0xf0 && lead < 0xf8) return 4
  if (lead >= 0xe0 && lead < 0xf0) return 3
  if (lead >= 0xc0 && lead < 0xe0) return 2
  return 1
}

/** Bytes at the end, 0 to 3, that begin a character and do not finish it. */
export function incompleteBytes(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] as number
    if ((byte & 0xc0) !== 0x80) return characterBytes(byte) > back ? back : 0
  }
  return 0
}
