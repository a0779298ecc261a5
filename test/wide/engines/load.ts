import { setTimeout as delay } from 'node:timers/promises'
import { type Answer, codeOf, newSlug, postRaw, send } from '../../blackbox/client.ts'

/** What a load has seen so far. Times are those of `performance.now()`. */
export type Load = {
  /** Slugs of acknowledged pastes; the content of each is its slug. */
  acknowledged: string[]
  /** Requests that were answered, whatever the answer. */
  answered: number
  /** Every answer that was not the right one, such as `503 database_unavailable`, and when it came. */
  failures: { what: string; retryAfter: boolean; at: number }[]
  /** How long the slowest request took. */
  slowestMs: number
  /** Ends it, when every request under way is answered. */
  stop(): Promise<void>
}

const PAUSE_MS = 5

/** Has `clients` clients make pastes at one replica and read them at another, without end. */
export function startLoad(replicas: readonly string[], clients: number): Load {
  let running = true
  const load: Load = {
    acknowledged: [],
    answered: 0,
    failures: [],
    slowestMs: 0,
    async stop() {
      running = false
      await Promise.all(clientsRunning)
    },
  }
  const clientsRunning = Array.from({ length: clients }, (_, index) => client(index))

  async function timed(ask: () => Promise<Answer>): Promise<Answer> {
    const startedAt = performance.now()
    const answer = await ask()
    load.slowestMs = Math.max(load.slowestMs, performance.now() - startedAt)
    load.answered++
    return answer
  }
  function failed(what: string, answer: Answer): void {
    const retryAfter = answer.headers.has('retry-after')
    load.failures.push({ what: `${what} ${answer.status} ${problem(answer)}`, retryAfter, at: performance.now() })
  }
  async function client(index: number): Promise<void> {
    for (let turn = index; running; turn++) {
      const [one = '', other = ''] = [replicas[turn % replicas.length], replicas[(turn + 1) % replicas.length]]
      const slug = newSlug()
      const made = await timed(() => postRaw(one, slug, `slug=${slug}`))
      if (made.status === 201) {
        load.acknowledged.push(slug)
        const read = await timed(() => send(`${other}/raw/${slug}`))
        if (read.status !== 200 || read.bytes.toString() !== slug) failed('read', read)
      } else failed('create', made)
      await delay(PAUSE_MS)
    }
  }
  return load
}

function problem(answer: Answer): string {
  return answer.status === 200 ? 'other content' : codeOf(answer)
}
