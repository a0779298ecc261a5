import type { IncomingMessage, ServerResponse } from 'node:http'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { AppError, every, freeBuffer } from '../core/index.ts'
import type { Intake } from './intake.ts'

const WINDOW_MS = 30_000
const LEAST_BYTES_PER_WINDOW = 30 * 1_024
/**
 * Bytes read of one body in a turn of the event loop. Without this bound, libuv reads up to 2 MiB of a connection before
 * the next one, and a request for a small paste waits until all of that is hashed.
 */
const BYTES_PER_TURN = 64 * 1_024

/** A body that is read whole is there as bytes and as what they say. */
export const WHOLE_COPIES = 2

/** Counts the bytes of a body against what its sender may upload. */
export type Meter = {
  /** Counts bytes that came. Reading waits for the promise, if there is one; it rejects when no more may come. */
  pass(bytes: number): Promise<void> | undefined
}

/**
 * Where a body comes from: Node's request, and its response, which sends `100 Continue` before reading. `intake` counts
 * what is kept of it.
 */
export type BodySource = {
  raw: IncomingMessage
  response: ServerResponse
  meter?: Meter | undefined
  intake?: Intake | undefined
}

/** The declared length of a body in bytes; undefined for a chunked one. */
export function declaredBytes(request: IncomingMessage): number | undefined {
  const header = request.headers['content-length']
  return header === undefined ? undefined : Number(header)
}

/** Throws `payload_too_large` when the declared length alone is over the limit: before a byte of it is read. */
export function refuseDeclaredOver(request: IncomingMessage, limitBytes: number, hint?: string): void {
  const declared = declaredBytes(request)
  if (declared !== undefined && declared > limitBytes) throw tooLarge(limitBytes, hint)
}

/** The answer to a body of more than `limitBytes`. */
export function tooLarge(limitBytes: number, hint?: string): AppError {
  return new AppError('payload_too_large', {
    detail: `The limit is ${limitBytes} bytes.${hint ? ` ${hint}` : ''}`,
    members: { maxBytes: limitBytes, ...(hint ? { hint } : {}) },
  })
}

/**
 * The chunks of a request body as they come, after `100 Continue` where the client expects it (RFC 9110 section
 * 10.1.1). Less than 1 KiB/s over 30 s throws `request_timeout`, a client that disconnects `body_incomplete`, more than
 * `limitBytes` `payload_too_large`; a refusal of the meter throws its error. Leaving the loop early leaves the rest
 * unread.
 *
 * A chunk is valid until the next one is requested; copy it to keep it longer.
 */
export async function* readBody(source: BodySource, limitBytes: number, hint?: string): AsyncGenerator<Buffer> {
  const { raw } = source
  let total = 0
  let ofTurn = 0
  let failure: AppError | undefined
  let wake: () => void = () => {}
  const fail = (error: AppError) => {
    failure ??= error
    wake()
  }
  const gone = () => {
    if (raw.complete && !raw.errored) wake()
    else fail(incomplete())
  }
  const notify = () => wake()
  const stop = begin(source, limitBytes, hint, () => total, fail)
  // Not Node's own iterator: when its loop ends early it destroys the socket, and the client never sees our answer.
  raw.on('readable', notify).on('end', notify).on('error', gone).on('close', gone)
  try {
    for (;;) {
      if (failure) throw failure
      const chunk: Buffer | null = raw.read()
      if (chunk !== null) {
        total += chunk.length
        if (total > limitBytes) throw tooLarge(limitBytes, hint)
        const allowed = source.meter?.pass(chunk.length)
        if (allowed) await allowed
        ofTurn += chunk.length
        yield chunk
        // Collecting 50 MiB of chunks as garbage would cost as much time as compressing and storing them.
        freeBuffer(chunk)
        if (ofTurn >= BYTES_PER_TURN) {
          ofTurn = 0
          await nextTurn()
        }
      } else if (raw.readableEnded) {
        return
      } else if (raw.destroyed) {
        throw incomplete()
      } else {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    }
  } finally {
    stop()
    raw.off('readable', notify).off('end', notify).off('close', gone).off('error', gone)
    raw.on('error', ignore)
  }
}

/** A whole body of at most `limitBytes` in memory. Throws as {@link readBody} does, and `overloaded`. */
export function readWhole(source: BodySource, limitBytes: number, hint?: string): Promise<Buffer> {
  const { raw } = source
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = []
    let total = 0
    let allowed: Promise<void> | undefined
    const settle = (error?: AppError) => {
      stop()
      raw.off('data', take).off('end', done).off('close', gone).off('error', gone)
      raw.on('error', ignore)
      if (error) {
        source.intake?.leave()
        raw.pause()
        reject(error)
      } else {
        source.intake?.settle()
        resolve(parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts))
      }
    }
    const take = (chunk: Buffer) => {
      total += chunk.length
      if (total > limitBytes) return settle(tooLarge(limitBytes, hint))
      try {
        source.intake?.keep(WHOLE_COPIES * chunk.length)
      } catch (error) {
        return settle(error as AppError)
      }
      parts.push(chunk)
      allowed = source.meter?.pass(chunk.length)
      allowed?.catch(settle)
    }
    const done = () => (allowed ? allowed.then(() => settle(), settle) : settle())
    const gone = () => settle(incomplete())
    const stop = begin(source, limitBytes, hint, () => total, settle)
    raw.on('data', take).on('end', done).on('close', gone).on('error', gone)
    if (raw.readableEnded) done()
    else if (raw.destroyed) gone()
  })
}

function ignore(): void {}

function incomplete(): AppError {
  return new AppError('body_incomplete', { detail: 'The connection ended before the body did.' })
}

/** Refuses what is declared too large, sends 100 Continue, and watches the speed until the returned function is called. */
function begin(
  { raw, response, intake }: BodySource,
  limitBytes: number,
  hint: string | undefined,
  received: () => number,
  onStall: (error: AppError) => void,
): () => void {
  refuseDeclaredOver(raw, limitBytes, hint)
  if (raw.headers.expect !== undefined && !response.headersSent) response.writeContinue()
  intake?.watch(received, onStall)
  return watchSpeed(raw, received, onStall)
}

/**
 * Calls `onStall` with `request_timeout` when a body comes slower than 1 KiB/s over 30 s, until the function that it
 * returns is called. `received` gives the bytes so far.
 */
export function watchSpeed(
  raw: IncomingMessage,
  received: () => number,
  onStall: (error: AppError) => void,
): () => void {
  let before = 0
  const timer = every(() => {
    const total = received()
    // Unread bytes mean that our own back-pressure holds the body up, not the client.
    if (total - before < LEAST_BYTES_PER_WINDOW && raw.readableLength === 0)
      onStall(new AppError('request_timeout', { detail: 'The body came slower than 1 KiB/s for 30 s.' }))
    before = total
  }, WINDOW_MS)
  timer.unref()
  return () => clearInterval(timer)
}
