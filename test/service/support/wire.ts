import { connect } from 'node:net'
import { patiently } from '../../patience.ts'
import { type Answer, parseAnswer } from './answer.ts'

/** Exact bytes to send; `halfCloses`: the client then ends its half of the connection (FIN), and still reads. */
export type Ask = { bytes: Buffer; halfCloses?: boolean }

const PATIENCE_MS = patiently(15_000)

/**
 * Sends exact bytes over a connection of their own, as fast as they go, and resolves with the answer. Rejects when the
 * connection ends, or `patienceMs` pass, without a whole answer.
 */
export function ask(port: number, { bytes, halfCloses = false }: Ask, patienceMs = PATIENCE_MS): Promise<Answer> {
  const toHead = bytes.subarray(0, 5).toString('latin1') === 'HEAD '
  return new Promise((resolve, reject) => {
    const received: Buffer[] = []
    let total = 0
    let wanted = 0
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
    const timer = setTimeout(() => finish(new Error(`no answer within ${patienceMs} ms`)), patienceMs)
    const finish = (outcome: Answer | Error) => {
      clearTimeout(timer)
      socket.destroy()
      if (outcome instanceof Error) reject(outcome)
      else resolve(outcome)
    }
    const look = (closed: boolean) => {
      try {
        const answer = parseAnswer(Buffer.concat(received), { toHead, closed })
        if (typeof answer !== 'number') finish(answer)
        else if (closed) finish(new Error(`the connection ended after ${total} bytes`))
        else wanted = answer
      } catch (error) {
        finish(error as Error)
      }
    }
    socket.on('data', (chunk: Buffer) => {
      received.push(chunk)
      total += chunk.length
      if (total >= wanted) look(false)
    })
    socket.on('end', () => look(true))
    // A client that is still sending meets a reset; what it has read by then counts.
    socket.on('error', () => {})
    socket.on('close', () => look(true))
    socket.write(bytes, () => {
      if (halfCloses) socket.end()
    })
  })
}

/** Sends bytes and is gone, without looking at what comes back; resolves when the connection is closed. */
export function hangUp(port: number, bytes: Buffer, how: 'end' | 'reset'): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' })
    socket.on('error', () => {})
    socket.on('close', () => resolve())
    socket.write(bytes, () => (how === 'end' ? socket.destroySoon() : socket.resetAndDestroy()))
  })
}
