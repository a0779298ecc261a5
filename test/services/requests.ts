import { existsSync, readFileSync, renameSync, watch, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Missing } from './install.ts'

/** What a test file is given for a service: where it is, or why it can't be had. */
export type Answer = { coordinates: unknown } | { missing: Missing }

// Installing everything on a new machine takes minutes.
const ANSWERED_WITHIN_MS = 15 * 60_000
const POLL_MS = 10
const sleepCell = new Int32Array(new SharedArrayBuffer(4))

/**
 * Asks vitest's own process for services, and waits. Synchronous, because suites are registered synchronously: requests
 * and answers are files of `folder`, which {@link answerRequests} watches. The services start side by side.
 */
export function requestServices(folder: string, names: readonly string[]): Answer[] {
  for (const name of names) {
    if (!existsSync(join(folder, `${name}.answer`))) writeFileSync(join(folder, `${name}.request`), '')
  }
  const deadline = performance.now() + ANSWERED_WITHIN_MS
  return names.map((name) => {
    const file = join(folder, `${name}.answer`)
    while (!existsSync(file)) {
      if (performance.now() > deadline) throw new Error(`${name} did not start within ${ANSWERED_WITHIN_MS / 1000} s`)
      Atomics.wait(sleepCell, 0, 0, POLL_MS)
    }
    return JSON.parse(readFileSync(file, 'utf8')) as Answer
  })
}

/** Answers every request of {@link requestServices} in `folder`, each service once; `close` ends that. */
export function answerRequests(folder: string, answer: (name: string) => Promise<Answer>): { close(): void } {
  const asked = new Set<string>()
  return watch(folder, (_event, file) => {
    const name = file?.endsWith('.request') ? file.slice(0, -'.request'.length) : undefined
    if (name === undefined || asked.has(name)) return
    asked.add(name)
    void answer(name).then((given) => {
      // A rename, so that nobody reads half of it.
      writeFileSync(join(folder, `${name}.given`), JSON.stringify(given))
      renameSync(join(folder, `${name}.given`), join(folder, `${name}.answer`))
    })
  })
}
