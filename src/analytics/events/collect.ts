import type { FastifyRequest } from 'fastify'
import type { Clock, EventPaste, PasteAction, PasteEvents, Via } from '../../core/index.ts'

/** What is noted of something that happened. */
export type Happening = {
  readonly action: PasteAction
  readonly via: Via
  readonly paste: EventPaste
  readonly at: number
  /** Empty where no client asked. */
  readonly address: string
  readonly userAgent: string
  readonly referrer: string | undefined
  /** As the proxy said it, where it is to be believed. */
  readonly country: string | string[] | undefined
}

/** Notes what happens, and hands it on at once, or when it can be taken. */
export type Collector = PasteEvents & {
  /** Hands on what could not be taken before. */
  drain(): void
  /** Notes that were lost. */
  lost(): number
}

/** What a collector needs. */
export type CollectorDeps = {
  clock: Clock
  /** The header in which proxies say the country; absent: none does, or there are no proxies whose word counts. */
  countryHeader: string | undefined
  /** Takes a note; false when it can't yet. A request waits for this call, in most cases after its answer is out. */
  take(happening: Happening): boolean
  forget(slug: string): void
}

const MOST_WAITING = 16_384
/** No browser sends more; the first characters still distinguish those that do. */
const MOST_CHARACTERS = 512

/**
 * Costs a request a few hundred nanoseconds with all that `take` does. Gathering notes for a timer was measured too,
 * and was dearer: they outlive the youngest generation of the heap, and to be moved costs more than to be counted.
 */
export function createCollector({ clock, countryHeader, take, forget }: CollectorDeps): Collector {
  let waiting: Happening[] = []
  let lost = 0

  /** Believed of a proxy whose word about the address is believed: then the address isn't the connection's. */
  function countryFrom(request: FastifyRequest, address: string): string | string[] | undefined {
    if (countryHeader === undefined || address === request.raw.socket.remoteAddress) return undefined
    return request.raw.headers[countryHeader]
  }

  function note(action: PasteAction, via: Via, paste: EventPaste, request: FastifyRequest | null): Happening {
    const at = clock.now()
    if (request === null)
      return { action, via, paste, at, address: '', userAgent: '', referrer: undefined, country: undefined }
    const { headers } = request.raw
    const { referer: referrer, 'user-agent': userAgent = '' } = headers
    const address = request.ip ?? ''
    return {
      action,
      via,
      paste,
      at,
      address,
      userAgent: userAgent.length > MOST_CHARACTERS ? shortened(userAgent) : userAgent,
      referrer: referrer !== undefined && referrer.length > MOST_CHARACTERS ? shortened(referrer) : referrer,
      country: countryFrom(request, address),
    }
  }

  return {
    happened(action, via, paste, request) {
      try {
        const happening = note(action, via, paste, request)
        if (take(happening)) return
        if (waiting.length < MOST_WAITING) waiting.push(happening)
        else lost++
      } catch {
        // Whatever it is, no answer may fail for it.
        lost++
      }
    },
    forgotten: forget,
    drain() {
      const [...notes] = waiting
      waiting = []
      for (const happening of notes) if (!take(happening)) lost++
    },
    lost: () => lost,
  }
}

/** A copy: a slice would keep all of it in memory. */
function shortened(text: string): string {
  return Buffer.from(text.slice(0, MOST_CHARACTERS)).toString()
}
