import { encodeAddress, encodeName, numbers } from './wire.ts'

/** A change to the addresses of a name: one is added, or that one is removed and the others stay. */
export type AddressChange = {
  kind: 'add' | 'remove'
  name: string
  /** IPv4 or IPv6. */
  address: string
  /** How long others may remember the addresses of this name. */
  ttlSeconds: number
}

const UPDATE = 5 << 11
const [A, SOA, AAAA] = [1, 6, 28]
const [IN, NONE] = [1, 254]

/**
 * A request to change a zone (RFC 2136), unsigned: to add an address that is there, or to remove one that is not,
 * succeeds and changes nothing. `id` (0 to 65,535) comes back in the answer. Throws RangeError for a name or an address
 * that is none.
 */
export function encodeUpdate(id: number, zone: string, changes: readonly AddressChange[]): Buffer {
  const header = numbers([id, 2], [UPDATE, 2], [1, 2], [0, 2], [changes.length, 2], [0, 2])
  return Buffer.concat([header, encodeName(zone), numbers([SOA, 2], [IN, 2]), ...changes.map(encodeChange)])
}

function encodeChange({ kind, name, address, ttlSeconds }: AddressChange): Buffer {
  const data = encodeAddress(address)
  const type = data.length === 4 ? A : AAAA
  const [recordClass, ttl] = kind === 'add' ? [IN, ttlSeconds] : [NONE, 0]
  return Buffer.concat([encodeName(name), numbers([type, 2], [recordClass, 2], [ttl, 4], [data.length, 2]), data])
}
