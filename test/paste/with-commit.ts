import type { ObjectStore } from '../../src/content/index.ts'

type Writer = ReturnType<ObjectStore['create']>

/** A store in which making an object visible is what `commit` does; the writer given to it is the store's own. */
export function withCommit(
  store: ObjectStore,
  commit: (writer: Writer, sizeBytes: number, key: string) => Promise<void>,
): ObjectStore {
  const create = (key: string): Writer => {
    const writer = store.create(key)
    return { ...writer, commit: (sizeBytes) => commit(writer, sizeBytes, key) }
  }
  return { ...store, create }
}
