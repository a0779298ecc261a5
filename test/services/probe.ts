import { connect } from 'node:net'

/**
 * Opens a TCP connection to a loopback port, at 127.0.0.1 or `host`, sends `question` (if any) and resolves with the
 * first bytes that come back; rejects when there are none within a second.
 */
export function firstBytes(port: number, question?: string, host = '127.0.0.1'): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, host)
    socket.setTimeout(1000, () => socket.destroy(new Error('no answer')))
    socket.once('connect', () => question && socket.write(question))
    socket.once('data', (bytes: Buffer) => {
      resolve(bytes)
      socket.destroy()
    })
    socket.once('error', reject)
    socket.once('close', () => reject(new Error('closed without an answer')))
  })
}

/** True once somebody accepts connections on a loopback port; rejects while nobody does. */
export function accepts(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => {
      resolve(true)
      socket.destroy()
    })
    socket.once('error', reject)
  })
}
