import { inBackground, type Logger } from '../../core/index.ts'
import type { ObjectStore, ObjectWriter } from './store.ts'
import { createStoreWatch, type StoreWatch, type WatchTiming } from './store-watch.ts'

/** Together 3 s: the longest wait for a store that is away. */
const TIMING: WatchTiming = { suspectMs: 1_000, probeMs: 2_000, againMs: 1_000 }

/**
 * Wraps a store in the network. When it accepts calls and never answers, calls end with `storage_unavailable` after 3 s
 * whatever their size, and further ones at once, until it answers again. A merely slow store keeps its own time limits.
 */
export function createWatchedStore(store: ObjectStore, logger: Logger, timing: WatchTiming = TIMING): ObjectStore {
  const watch = createStoreWatch(store.check, timing, (isAway) => {
    // Why is a line of the readiness checks.
    logger.debug({ store: store.name }, isAway ? 'calls of the store are refused' : 'calls of the store go through')
  })
  return {
    ...store,
    create: (key) => watchedWriter(store.create(key), watch),
    read: (...call) => watch.run(() => store.read(...call)),
    remove: (key) => watch.run(() => store.remove(key)),
    async close() {
      watch.stop()
      await store.close()
    },
  }
}

function watchedWriter(writer: ObjectWriter, watch: StoreWatch): ObjectWriter {
  const watched = async (work: () => Promise<void>) => {
    try {
      await watch.run(work)
    } catch (error) {
      // Otherwise it holds memory and sockets until its own deadline.
      if (watch.isAway()) inBackground(() => writer.abort())
      throw error
    }
  }
  return {
    write: (chunk) => watched(() => writer.write(chunk)),
    commit: (sizeBytes) => watched(() => writer.commit(sizeBytes)),
    async abort() {
      const aborted = writer.abort()
      // Nothing can be removed now; the sweeper removes the key later.
      await (watch.isAway() ? undefined : watch.run(() => aborted).catch(() => {}))
    },
  }
}
