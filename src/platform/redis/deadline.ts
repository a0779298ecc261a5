import { later } from '../../core/index.ts'

/** No call waits longer than this. */
const DEADLINE_MS = 100

/** What a call that waited too long rejects with. */
export class Overdue extends Error {}

/**
 * A reply, or {@link Overdue} after 100 ms. A reply that has come while this process was busy counts as in time: when
 * the machine is short of processors, that is no reason to do without Redis as well.
 */
export function inTime<Reply>(reply: Promise<Reply>): Promise<Reply> {
  return new Promise((resolve, reject) => {
    // Sockets are read after the timers and before what is set for immediately after.
    const timer = later(() => setImmediate(() => reject(new Overdue('no answer in time'))), DEADLINE_MS)
    reply.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
