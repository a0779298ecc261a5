import type { CacheRecording, Recording, ReplicaRecording, RouteRecording, Timed } from './recording.ts'

// Grows whenever the form changes: what another version wrote is left alone.
const MAGIC = Buffer.from('rec1')
const HEAD_BYTES = 8

/**
 * A recording as bytes: `rec1`, the length of the JSON (32 bits, little-endian), the JSON without histograms, then the
 * histograms one after the other. The same recording gives the same bytes.
 */
export function encodeRecording(recording: Recording): Buffer {
  const sketches: Uint8Array[] = []
  const put = (sketch: Uint8Array) => {
    sketches.push(sketch)
    return sketch.length
  }
  const routes = recording.routes.map(({ route, count, sumUs, sketch, refused, errors, bytesIn, bytesOut }) => {
    return [route, count, sumUs, put(sketch), refused, errors, bytesIn, bytesOut]
  })
  const parts = recording.parts.map(({ part, count, sumUs, sketch }) => [part, count, sumUs, put(sketch)])
  const replicas = recording.replicas.map(({ sketch, loopDelay, ...figures }) => {
    return { ...figures, sketch: put(sketch), loopDelay: put(loopDelay) }
  })
  const caches = recording.caches.map(({ level, hits, misses }) => [level, hits, misses])
  const json = Buffer.from(JSON.stringify({ ...recording, routes, parts, replicas, caches }))
  const head = Buffer.alloc(HEAD_BYTES)
  MAGIC.copy(head)
  head.writeUInt32LE(json.length, MAGIC.length)
  return Buffer.concat([head, json, ...sketches])
}

type Packed = {
  routes: [string, number, number, number, number, number, number, number][]
  parts: [Recording['parts'][number]['part'], number, number, number][]
  caches: [string, number, number][]
  replicas: (Omit<ReplicaRecording, 'sketch' | 'loopDelay'> & { sketch: number; loopDelay: number })[]
} & Pick<Recording, 'swept' | 'backlog' | 'backlogAgeMs'>

/** Reads what {@link encodeRecording} wrote; undefined for what another version wrote. Keeps `bytes`. */
export function decodeRecording(bytes: Buffer): Recording | undefined {
  if (bytes.length < HEAD_BYTES || !bytes.subarray(0, MAGIC.length).equals(MAGIC)) return undefined
  let at = HEAD_BYTES + bytes.readUInt32LE(MAGIC.length)
  const packed = JSON.parse(bytes.toString('utf8', HEAD_BYTES, at)) as Packed
  const take = (length: number): Uint8Array => {
    at += length
    return bytes.subarray(at - length, at)
  }
  const timed = (count: number, sumUs: number, length: number): Timed => ({ count, sumUs, sketch: take(length) })
  const routes = packed.routes.map(([route, count, sumUs, length, refused, errors, bytesIn, bytesOut]) => {
    return { route, ...timed(count, sumUs, length), refused, errors, bytesIn, bytesOut } satisfies RouteRecording
  })
  const parts = packed.parts.map(([part, count, sumUs, length]) => ({ part, ...timed(count, sumUs, length) }))
  const replicas = packed.replicas.map((figures) => {
    return { ...figures, sketch: take(figures.sketch), loopDelay: take(figures.loopDelay) }
  })
  const caches = packed.caches.map(([level, hits, misses]) => ({ level, hits, misses }) satisfies CacheRecording)
  return { ...packed, routes, parts, replicas, caches }
}
