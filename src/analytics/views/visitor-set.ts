import { estimate } from './visitor-estimate.ts'

/** How many different visitors there were: exact while they are few, a sketch of constant size once they are many. */
export type VisitorSet = {
  /** Counts a visitor by 48 bits of a hash that is spread evenly; again and again is once. */
  add(hash: number): void
  /** Adds everybody of another set. */
  merge(other: VisitorSet): void
  /** Exact up to 256; beyond that the standard error is 1.6 %. */
  count(): number
  /** 6 bytes for each while exact, else 4 KiB; empty without visitors. */
  encode(): Buffer
  /** What it takes in memory, bytes, roughly. */
  sizeBytes(): number
  /** The hashes while exact, else the registers. */
  content(): ReadonlySet<number> | Uint8Array
}

const MOST_EXACT = 256
const HASH_BYTES = 6
/** HyperLogLog (Flajolet et al. 2007) of precision 12: 1.04 / √4096 = 1.6 %. */
const REGISTERS = 4_096

/** A set as `encode` gave it, or an empty one. Throws RangeError for what it can't have given. */
export function createVisitorSet(encoded: Uint8Array = Buffer.alloc(0)): VisitorSet {
  let exact = new Set<number>()
  let registers: Uint8Array | undefined
  if (encoded.length === REGISTERS) registers = Uint8Array.from(encoded)
  else exact = decodeExact(encoded)

  /** The low 12 bits choose a register, which keeps the longest run of zeros that the next 32 bits began with. */
  function note(into: Uint8Array, hash: number): void {
    const index = hash % REGISTERS
    const rank = Math.clz32(Math.floor(hash / REGISTERS) >>> 0) + 1
    if (rank > (into[index] ?? 0)) into[index] = rank
  }

  function sketch(): Uint8Array {
    if (registers) return registers
    registers = new Uint8Array(REGISTERS)
    for (const hash of exact) note(registers, hash)
    exact = new Set()
    return registers
  }

  const set: VisitorSet = {
    add(hash) {
      if (registers) note(registers, hash)
      else if (exact.add(hash).size > MOST_EXACT) sketch()
    },
    merge(other) {
      const theirs = other.content()
      if (theirs instanceof Uint8Array) {
        const ours = sketch()
        theirs.forEach((rank, index) => {
          if (rank > (ours[index] ?? 0)) ours[index] = rank
        })
      } else for (const hash of theirs) set.add(hash)
    },
    count: () => (registers ? Math.round(estimate(registers)) : exact.size),
    encode: () => (registers ? Buffer.from(registers) : encodeExact(exact)),
    sizeBytes: () => (registers ? REGISTERS : exact.size * 48) + 200,
    content: () => registers ?? exact,
  }
  return set
}

function encodeExact(hashes: ReadonlySet<number>): Buffer {
  const bytes = Buffer.alloc(hashes.size * HASH_BYTES)
  let at = 0
  for (const hash of hashes) at = bytes.writeUIntBE(hash, at, HASH_BYTES)
  return bytes
}

function decodeExact(encoded: Uint8Array): Set<number> {
  if (encoded.length % HASH_BYTES !== 0 || encoded.length > MOST_EXACT * HASH_BYTES)
    throw new RangeError(`no set of visitors has ${encoded.length} bytes`)
  const bytes = Buffer.from(encoded)
  const hashes = new Set<number>()
  for (let at = 0; at < bytes.length; at += HASH_BYTES) hashes.add(bytes.readUIntBE(at, HASH_BYTES))
  return hashes
}
