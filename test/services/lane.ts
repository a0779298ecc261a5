import type { Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'

/** What happens to the bytes of one direction; asked anew for every piece, so that it can change under way. */
export type LaneRules = {
  latencyMs(): number
  /** Undefined: as fast as it goes. */
  bytesPerSecond(): number | undefined
  /** Resolves when bytes may move on. */
  gate(): Promise<void>
  /** What passes in place of these bytes; empty swallows them. Runs after latency and gate. */
  treat(bytes: Buffer): Buffer
  /** Runs when `bytesSent` (0 or more) more bytes were handed to the kernel; true ends the lane. */
  after(bytesSent: number): boolean
}

const QUEUE_BYTES = 1 << 20
// A throttled lane sends ten pieces per second.
const PIECES_PER_SECOND = 10

/**
 * Carries bytes from one socket to another, in order and with back-pressure, and passes on the end (FIN).
 * Resolves when there is nothing more to carry.
 */
export async function runLane(source: Socket, sink: Socket, rules: LaneRules): Promise<void> {
  for await (const { bytes, arrivedAt } of stamped(source)) {
    const waitMs = arrivedAt + rules.latencyMs() - performance.now()
    if (waitMs > 0) await delay(waitMs)
    await rules.gate()
    const treated = rules.treat(bytes)
    if (treated.length === 0 && rules.after(0)) return
    for (let start = 0; start < treated.length && !sink.destroyed; ) {
      const bytesPerSecond = rules.bytesPerSecond()
      const pieceBytes = bytesPerSecond ? Math.max(1, Math.floor(bytesPerSecond / PIECES_PER_SECOND)) : treated.length
      const piece = treated.subarray(start, start + pieceBytes)
      start += piece.length
      await write(sink, piece)
      if (rules.after(piece.length)) return
      if (bytesPerSecond) await delay((piece.length / bytesPerSecond) * 1000)
    }
  }
  await rules.gate()
  sink.end()
}

/** The chunks of a socket with the time at which each came in, however late they are taken. */
async function* stamped(source: Socket): AsyncGenerator<{ bytes: Buffer; arrivedAt: number }> {
  const queue: { bytes: Buffer; arrivedAt: number }[] = []
  let queuedBytes = 0
  let over = false
  let wake = () => {}
  const finish = () => {
    over = true
    wake()
  }
  source.on('data', (bytes: Buffer) => {
    queue.push({ bytes, arrivedAt: performance.now() })
    queuedBytes += bytes.length
    if (queuedBytes > QUEUE_BYTES) source.pause()
    wake()
  })
  source.once('end', finish).once('close', finish)
  for (;;) {
    const next = queue.shift()
    if (next) {
      queuedBytes -= next.bytes.length
      if (queuedBytes <= QUEUE_BYTES) source.resume()
      yield next
    } else if (over) return
    else {
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
  }
}

function write(sink: Socket, bytes: Buffer): Promise<void> {
  return new Promise((resolve) => {
    // A destroyed socket calls back with an error: the other lane's concern.
    sink.write(bytes, () => resolve())
  })
}
