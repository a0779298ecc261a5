import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { METRONOME } from './metronome.ts'

const PRIORITY = 10
const OWN_THREADS = '/proc/self/task'

/**
 * Gives the generator's own two threads real-time priority where we may, which is as root on Linux, so that other work
 * on the machine does not make it late. Not to the threads of V8, which would be in each other's way on one core, and
 * not to what is started from here.
 */
export function goFirst(): void {
  try {
    for (const thread of readdirSync(OWN_THREADS)) {
      const isMetronome = readFileSync(`${OWN_THREADS}/${thread}/comm`, 'utf8').trim() === METRONOME
      // Who wakes the other goes before it.
      if (isMetronome) prefer(thread, PRIORITY + 1)
      else if (thread === `${process.pid}`) prefer(thread, PRIORITY)
    }
  } catch {
    // Without it, the lag tells whether it mattered.
  }
}

function prefer(thread: string, priority: number): void {
  execFileSync('chrt', ['--reset-on-fork', '--rr', '--pid', `${priority}`, thread], { stdio: 'ignore' })
}
