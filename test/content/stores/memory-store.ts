import type { ObjectStore } from '../../../src/content/index.ts'
import { AppError } from '../../../src/core/index.ts'

/** Objects in a Map: the shortest store that keeps the contract, for tests of what stands on a store. */
export function createMemoryStore(): ObjectStore & {
  objects: Map<string, Buffer>
  reads: number
  writtenBytes: number
} {
  const objects = new Map<string, Buffer>()
  const store = {
    name: 'memory',
    objects,
    reads: 0,
    writtenBytes: 0,
    create(key: string) {
      const chunks: Buffer[] = []
      let ended = false
      const refuseIfEnded = () => {
        if (ended) throw new AppError('storage_unavailable', { detail: 'The write was ended.' })
      }
      return {
        async write(chunk: Buffer) {
          refuseIfEnded()
          store.writtenBytes += chunk.length
          chunks.push(Buffer.from(chunk))
        },
        async commit(sizeBytes: number) {
          refuseIfEnded()
          ended = true
          const whole = Buffer.concat(chunks)
          if (whole.length !== sizeBytes) throw new AppError('storage_unavailable')
          objects.set(key, whole)
        },
        async abort() {
          ended = true
        },
      }
    },
    async read(key: string, offset: number, length: number, signal?: AbortSignal) {
      signal?.throwIfAborted()
      store.reads++
      const whole = objects.get(key)
      if (whole === undefined) throw new AppError('blob_missing')
      const bytes = whole.subarray(offset, offset + length)
      if (bytes.length !== length) throw new AppError('storage_unavailable')
      return Buffer.from(bytes)
    },
    async remove(key: string) {
      objects.delete(key)
    },
    async *list() {
      for (const [key, { length }] of objects) yield { key, sizeBytes: length, modifiedAt: 0 }
    },
    async *listUnfinished() {},
    prepare: async () => {},
    check: async () => {},
    close: async () => {},
  }
  return store
}
