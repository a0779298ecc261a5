/** Work that holds a place, as far as the policy looks at it. */
export type Holder = {
  /** Units per second that its client moves; Infinity while it is too young to tell, undefined where it can't give way. */
  rate(): number | undefined
  /** Ends the work, which then gives its place back. */
  giveWay(): void
}

/** A bound on work at once, shared by client: one may hold every place while nobody else wants one. */
export type FairPlaces = {
  /**
   * Takes a place for a client: at once, or when the promise resolves with the function that gives it back. Throws or
   * rejects with the refusal when too many wait, and with the signal's reason when it aborts first.
   */
  enter(client: string, holder?: Holder, signal?: AbortSignal): Release | Promise<Release>
  /**
   * Makes one holder give way for each caller that waits: the slowest of the client with the most places, where it has
   * at least two more than the one that waits, else the slowest of another client below `leastRate`. Gives how many had
   * to.
   */
  relieve(leastRate: number): number
  held(): number
  waiting(): number
}

/** Gives a place back; further calls do nothing. */
export type Release = () => void

type Entry = { client: string; holder: Holder | undefined; leaving: boolean }
type Waiter = {
  client: string
  grant(release: Release): void
  refuse(error: unknown): void
  holder: Holder | undefined
}

/** `places` free places; at most `mostWaiting` callers wait, and `refusal` makes the error of one more. */
export function createFairPlaces(options: { places: number; mostWaiting: number; refusal: () => Error }): FairPlaces {
  const { places, mostWaiting, refusal } = options
  const entries = new Set<Entry>()
  let queue: Waiter[] = []

  function take(client: string, holder: Holder | undefined): Release {
    const entry: Entry = { client, holder, leaving: false }
    entries.add(entry)
    return () => {
      if (entries.delete(entry)) admit()
    }
  }

  function admit(): void {
    while (entries.size < places && queue.length > 0) {
      const next = inOrder()[0] as Waiter
      queue = queue.filter((waiter) => waiter !== next)
      next.grant(take(next.client, next.holder))
    }
  }

  /** The waiters by the places that their clients hold, fewest first, then in the order they came. */
  function inOrder(): Waiter[] {
    const counts = countStaying()
    return queue.toSorted((a, b) => (counts.get(a.client) ?? 0) - (counts.get(b.client) ?? 0))
  }

  /** Places by client, without those that are about to be given back. */
  function countStaying(): Map<string, number> {
    return count([...entries].filter(({ leaving }) => !leaving))
  }

  function findVictim(client: string, leastRate: number): Entry | undefined {
    const counts = countStaying()
    const most = Math.max(0, ...counts.values())
    const isUneven = most > (counts.get(client) ?? 0) + 1
    const staying = [...entries].filter(({ leaving }) => !leaving)
    const slowest = (from: Entry[], below: number) => {
      const rated = from.map((entry) => ({ entry, rate: entry.holder?.rate() }))
      const able = rated.filter((one): one is { entry: Entry; rate: number } => one.rate !== undefined)
      return able.toSorted((a, b) => (a.rate < b.rate ? -1 : 1)).find(({ rate }) => below === Infinity || rate < below)
    }
    const largest = isUneven ? staying.filter((entry) => counts.get(entry.client) === most) : []
    const others = staying.filter((entry) => entry.client !== client)
    return (slowest(largest, Infinity) ?? slowest(others, leastRate))?.entry
  }

  /** Makes room in a full queue for a client that wants less than the one which wants most, or refuses it. */
  function makeRoom(client: string): void {
    const wanted = count([...entries, ...queue])
    const greediest = queue.toSorted((a, b) => (wanted.get(b.client) ?? 0) - (wanted.get(a.client) ?? 0))[0]
    const isGreedier = greediest && (wanted.get(greediest.client) ?? 0) > (wanted.get(client) ?? 0) + 1
    if (!isGreedier) throw refusal()
    const last = queue.findLast((waiter) => waiter.client === greediest.client) as Waiter
    queue = queue.filter((waiter) => waiter !== last)
    last.refuse(refusal())
  }

  return {
    enter(client, holder, signal) {
      signal?.throwIfAborted()
      if (entries.size < places) return take(client, holder)
      if (places === 0) throw refusal()
      if (queue.length >= mostWaiting) makeRoom(client)
      return new Promise((resolve, reject) => {
        const leave = () => {
          queue = queue.filter((one) => one !== waiter)
          waiter.refuse(signal?.reason)
        }
        const waiter: Waiter = {
          client,
          holder,
          grant(release) {
            signal?.removeEventListener('abort', leave)
            resolve(release)
          },
          refuse(error) {
            signal?.removeEventListener('abort', leave)
            reject(error)
          },
        }
        queue.push(waiter)
        signal?.addEventListener('abort', leave, { once: true })
      })
    },
    relieve(leastRate) {
      let leaving = [...entries].filter((entry) => entry.leaving).length
      let relieved = 0
      for (const { client } of inOrder()) {
        // Somebody leaves for this one already.
        if (leaving > 0) {
          leaving--
          continue
        }
        const victim = findVictim(client, leastRate)
        if (victim === undefined) continue
        victim.leaving = true
        relieved++
        victim.holder?.giveWay()
      }
      return relieved
    },
    held: () => entries.size,
    waiting: () => queue.length,
  }
}

function count(list: readonly { client: string }[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { client } of list) counts.set(client, (counts.get(client) ?? 0) + 1)
  return counts
}
