import { randomBytes, randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { post, readBack } from './client.ts'

/** What happened while a service was under load. */
export type Toll = {
  reads: number
  creates: number
  /** What went wrong, one sentence each. */
  failedReads: string[]
  failedCreates: string[]
  /** Creates that were answered 503, as a service may that is out of breath, and went well when they were repeated. */
  repeated: number
  /** The slowest of all that went well, in milliseconds. */
  slowestMs: number
}

/** Requests from several clients at once. */
export type Load = {
  /** Resolves when `count` further requests are answered; throws when that takes longer than the signal allows. */
  more(count: number, signal: AbortSignal): Promise<void>
  /** Lets every client finish its request; gives what happened since the start. */
  end(): Promise<Toll>
}

const READERS = 6
const CREATORS = 3
const PASTE_BYTES = 20_000
const LONGEST_MS = 20_000
/** Between two requests of a client: replicas that start want their share of the processor too. */
const PAUSE_MS = 20
/** What `Retry-After` says with a 503. */
const RETRY_MS = 2_000

/** Makes a paste through `origin`, then reads it and makes others until the load is ended. Throws when the first fails. */
export async function startLoad(origin: string, signal: AbortSignal): Promise<Load> {
  const toll: Toll = { reads: 0, creates: 0, failedReads: [], failedCreates: [], repeated: 0, slowestMs: 0 }
  const body = () => Uint8Array.from(randomBytes(PASTE_BYTES))
  const first = await post(origin, body(), signal)
  let over = false
  let told = Promise.withResolvers<void>()

  const repeat = async (request: () => Promise<unknown>, count: () => void, failures: string[]) => {
    while (!over) {
      const startedAt = performance.now()
      try {
        await request()
        toll.slowestMs = Math.max(toll.slowestMs, performance.now() - startedAt)
      } catch (error) {
        failures.push(words(error))
      }
      count()
      told.resolve()
      told = Promise.withResolvers()
      await delay(PAUSE_MS)
    }
  }
  const limit = () => AbortSignal.timeout(LONGEST_MS)
  const read = () =>
    repeat(
      () => readBack(origin, first, limit()),
      () => toll.reads++,
      toll.failedReads,
    )
  const create = () =>
    repeat(
      async () => {
        const [sent, key] = [body(), randomUUID()]
        await post(origin, sent, limit(), key).catch(async (error) => {
          if (!/answered 503/.test(String(error))) throw error
          await delay(RETRY_MS)
          await post(origin, sent, limit(), key)
          toll.repeated++
        })
      },
      () => toll.creates++,
      toll.failedCreates,
    )
  const clients = [...Array.from({ length: READERS }, read), ...Array.from({ length: CREATORS }, create)]
  return {
    async more(count, until) {
      const wanted = toll.reads + toll.creates + count
      while (toll.reads + toll.creates < wanted) {
        until.throwIfAborted()
        await told.promise
      }
    },
    async end() {
      over = true
      await Promise.all(clients)
      return toll
    },
  }
}

/** One line about a toll, for people. */
export function describeToll({ reads, creates, failedReads, failedCreates, repeated, slowestMs }: Toll): string {
  const failed = failedReads.length + failedCreates.length
  const again = repeated > 0 ? `, ${repeated} creates repeated after a 503` : ''
  return `${reads} reads and ${creates} creates, ${failed} failed${again}, the slowest ${Math.round(slowestMs)} ms`
}

function words(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message
}
