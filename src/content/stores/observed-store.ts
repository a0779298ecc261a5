import type { Observe } from '../../core/index.ts'
import type { ObjectStore } from './store.ts'

/** Observes every call of a store that moves or removes bytes, but not listing and checks. */
export function createObservedStore(store: ObjectStore, observe: Observe): ObjectStore {
  return {
    ...store,
    create(key) {
      const writer = store.create(key)
      return {
        write: (chunk) => observe('store', 'write', () => writer.write(chunk)),
        commit: (sizeBytes) => observe('store', 'commit', () => writer.commit(sizeBytes)),
        abort: () => writer.abort(),
      }
    },
    read: (...call) => observe('store', 'read', () => store.read(...call)),
    remove: (key) => observe('store', 'remove', () => store.remove(key)),
  }
}
