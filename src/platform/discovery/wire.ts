import { isIPv4, isIPv6 } from 'node:net'

const MOST_LABEL_BYTES = 63
const MOST_NAME_BYTES = 255

/**
 * A domain name, with or without its last dot, as it goes over the wire (RFC 1035, 3.1): labels with their lengths,
 * never compressed, in lower case. Throws RangeError for what is none.
 */
export function encodeName(name: string): Buffer {
  const labels = name.toLowerCase().replace(/\.$/, '').split('.')
  const parts = labels.map((label) => {
    const bytes = Buffer.from(label, 'latin1')
    if (bytes.length === 0 || bytes.length > MOST_LABEL_BYTES) throw new RangeError(`"${name}" is no domain name`)
    return Buffer.concat([Buffer.of(bytes.length), bytes])
  })
  const encoded = Buffer.concat([...parts, Buffer.of(0)])
  if (encoded.length > MOST_NAME_BYTES) throw new RangeError(`"${name}" is too long for a domain name`)
  return encoded
}

/**
 * Reads the name at `offset` of a message, compressed or not. Gives it in the form of {@link encodeName}, and the
 * offset behind it. Throws RangeError where the message is cut short or its pointers run in a circle.
 */
export function readName(message: Buffer, offset: number): { name: Buffer; end: number } {
  const labels: Buffer[] = []
  let end: number | undefined
  let at = offset
  for (let total = 0; total <= MOST_NAME_BYTES; ) {
    const length = message.readUInt8(at)
    if (length >= 0xc0) {
      end ??= at + 2
      const target = message.readUInt16BE(at) & 0x3fff
      // A pointer leads back, so that no message can keep us busy.
      if (target >= at) break
      at = target
      continue
    }
    const label = message.subarray(at, at + 1 + length)
    labels.push(label)
    total += label.length
    at += 1 + length
    if (length === 0)
      return { name: Buffer.from(Buffer.concat(labels).toString('latin1').toLowerCase(), 'latin1'), end: end ?? at }
  }
  throw new RangeError('a name in the answer is malformed')
}

/** An address as the data of an A (4 bytes) or AAAA record (16 bytes). Throws RangeError for what is none. */
export function encodeAddress(address: string): Buffer {
  if (isIPv4(address)) return Buffer.from(address.split('.').map(Number))
  if (!isIPv6(address) || address.includes('%')) throw new RangeError(`"${address}" is no address`)
  // The URL parser knows every form of an IPv6 address and writes them all in one: groups in hex, at most one `::`.
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::')
  const groups = (text: string | undefined) => (text ? text.split(':') : [])
  const [before, after] = [groups(head), groups(tail)]
  const zeros = new Array<string>(8 - before.length - after.length).fill('0')
  const all = [...before, ...zeros, ...after].map((group) => Number.parseInt(group, 16))
  return Buffer.from(all.flatMap((group) => [group >> 8, group & 0xff]))
}

/** Unsigned whole numbers, each in so many bytes (1 to 6), big-endian. */
export function numbers(...pairs: [value: number, bytes: number][]): Buffer {
  return Buffer.concat(
    pairs.map(([value, bytes]) => {
      const buffer = Buffer.alloc(bytes)
      buffer.writeUIntBE(value, 0, bytes)
      return buffer
    }),
  )
}
