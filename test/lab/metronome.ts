import { Worker } from 'node:worker_threads'
import { FORWARD, type MetronomeCells } from './metronome-worker.ts'

/** Wakes this thread after fractions of a millisecond, which timers of Node can't, without spinning. */
export type Metronome = { wait(ms: number): Promise<void>; stop(): Promise<void> }

/** What the system calls the thread that sleeps. */
export const METRONOME = 'metronome'

/** Starts the thread that sleeps for us. */
export async function startMetronome(): Promise<Metronome> {
  const cells: MetronomeCells = {
    signal: new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)),
    waitMs: new Float64Array(new SharedArrayBuffer(Float64Array.BYTES_PER_ELEMENT)),
  }
  const worker = new Worker(new URL('metronome-worker.ts', import.meta.url), {
    name: METRONOME,
    workerData: cells,
  })
  let wake: (() => void) | undefined
  await new Promise<void>((resolve, reject) => {
    worker.once('error', reject)
    worker.once('message', () => resolve())
  })
  worker.on('message', () => wake?.())
  return {
    wait(ms) {
      cells.waitMs[0] = ms
      return new Promise((resolve) => {
        wake = resolve
        Atomics.store(cells.signal, 0, FORWARD)
        Atomics.notify(cells.signal, 0)
      })
    },
    async stop() {
      await worker.terminate()
    },
  }
}
