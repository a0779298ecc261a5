import type { IncomingMessage, ServerResponse } from 'node:http'
import { AppError, type Holder, type MemoryAccount, type Release } from '../core/index.ts'

/** What a request that takes a place costs, ms and bytes: two frames, whatever its size. */
const STREAM_BYTES = 2 * 1024 * 1024
/** A rate says nothing before. */
const YOUNG_MS = 500

/** Places for large bodies; all clients share them. */
export type BodyPlaces = {
  /** Takes a place, at once or when the promise resolves; throws or rejects with `upload_capacity`. */
  enter(client: string, holder: Holder): Release | Promise<Release>
}

/** What all bodies in flight share. */
export type SharedIntake = { places: BodyPlaces; memory: MemoryAccount; nowMs(): number }

/** What one request holds while its body comes: memory that is counted, and a place if the body may be large. */
export type Intake = {
  /** Who sends it, as limits and places count clients. */
  client(): string
  /** Counts bytes of the body that stay in memory until {@link leave}. Throws `overloaded` where there is no room. */
  keep(bytes: number): void
  /**
   * Takes a place among the large bodies, once. Its holder may have to give it up: then the reader's `end` gets
   * `request_timeout`. Throws or rejects with `upload_capacity` and `overloaded`.
   */
  enter(): Promise<void> | undefined
  /** Gives back memory and place. */
  leave(): void
  /** Gives back the memory of a body that needed no place. */
  settle(): void
  /** Names who reads the body now: how many bytes came, and what ends the reading with an error. */
  watch(received: () => number, end: (error: AppError) => void): void
}

/** The intake of one request, which holds nothing yet. The end of the response gives back what is left. */
export function createIntake(
  { raw, response, client }: { raw: IncomingMessage; response: ServerResponse; client(): string },
  { places, memory, nowMs }: SharedIntake,
): Intake {
  let keptBytes = 0
  let release: Release | undefined
  let entering: Promise<void> | undefined
  let enteredAt = 0
  let receivedBefore = 0
  let received = () => 0
  let end: (error: AppError) => void = () => raw.destroy()

  const holder: Holder = {
    rate() {
      if (raw.complete) return undefined
      const ms = nowMs() - enteredAt
      return ms < YOUNG_MS ? Number.POSITIVE_INFINITY : ((received() - receivedBefore) / ms) * 1_000
    },
    giveWay: () => end(gaveWay()),
  }
  const entered = (given: Release) => {
    if (response.destroyed || response.closed) return given()
    release = given
    enteredAt = nowMs()
    receivedBefore = received()
    response.once('close', leave)
    keep(STREAM_BYTES)
  }
  function keep(bytes: number): void {
    memory.take(bytes)
    keptBytes += bytes
  }
  function leave(): void {
    memory.give(keptBytes)
    keptBytes = 0
    release?.()
    release = undefined
    entering = undefined
  }
  return {
    client,
    keep,
    enter() {
      if (release || entering) return entering
      const given = places.enter(client(), holder)
      if (given instanceof Promise) entering = given.then(entered)
      else entered(given)
      return entering
    },
    leave,
    settle() {
      if (!release) leave()
    },
    watch(count, endReading) {
      received = count
      end = endReading
    },
  }
}

/** The refusal of a body for which no memory is left. */
export function memoryRefusal(): AppError {
  return new AppError('overloaded', {
    detail: 'Bodies that are on their way fill the memory set aside for them. Try again in 2 s.',
  })
}

function gaveWay(): AppError {
  return new AppError('request_timeout', {
    detail: 'All places for large bodies are taken, others wait, and this one was the slowest. Send it again.',
  })
}
