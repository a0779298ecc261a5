import { isMainThread, parentPort, workerData } from 'node:worker_threads'

/** What both threads see: `signal` is 0 while there is nothing to do. */
export type MetronomeCells = { signal: Int32Array; waitMs: Float64Array }

/** In `signal`: sleep for `waitMs`, then send a message. */
export const FORWARD = 1

if (!isMainThread) {
  const { signal, waitMs } = workerData as MetronomeCells
  const nothing = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))
  parentPort?.postMessage(null)
  for (;;) {
    Atomics.wait(signal, 0, 0)
    Atomics.store(signal, 0, 0)
    Atomics.wait(nothing, 0, 0, waitMs[0])
    parentPort?.postMessage(null)
  }
}
