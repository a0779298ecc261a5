import { readdirSync, readFileSync } from 'node:fs'
import { access } from 'node:fs/promises'
import { setPriority } from 'node:os'

const OWN_THREADS = '/proc/self/task'
/** As libuv names the threads that compress, decompress and touch files. */
const POOL_THREAD = 'libuv-worker'
/** About a tenth of the weight of a thread of ordinary priority, where both want the same core. */
const NICE = 10

/**
 * Lets the threads of the pool give way to the event loop, so that requests for small pastes do not wait while
 * others' 50 MiB are compressed on every core. Where no core is short of time it changes nothing. On Linux, where a
 * thread has a priority of its own; elsewhere it does nothing. Never rejects.
 */
export async function lowerPoolPriority(): Promise<void> {
  try {
    // All of its threads begin when it is first used.
    await access(OWN_THREADS)
    for (const thread of readdirSync(OWN_THREADS)) {
      if (readFileSync(`${OWN_THREADS}/${thread}/comm`, 'utf8').trim() === POOL_THREAD)
        setPriority(Number(thread), NICE)
    }
  } catch {
    // Without /proc, or without the right to do it, all threads are equal.
  }
}
