import type { Observe } from '../../core/index.ts'
import type { ObjectStore } from './store.ts'

/** A store around a store: every call that moves or removes bytes is observed. Listing and the checks are not. */
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
