import { connect } from 'node:net'
import { later } from '../../core/index.ts'
import { numbers } from './wire.ts'

/** Where a DNS server listens. */
export type DnsAddress = { host: string; port: number }

/**
 * Sends one DNS message over TCP (RFC 7766) and gives the answer. `build` gets the address from which this machine
 * reaches the server. Rejects after `withinMs`, however far it got.
 */
export function exchange(
  { host, port }: DnsAddress,
  withinMs: number,
  build: (ownAddress: string) => Buffer,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let received: Buffer = Buffer.alloc(0)
    const socket = connect({ host, port })
    const timer = later(() => socket.destroy(new Error(`no answer within ${withinMs} ms`)), withinMs)
    socket.once('connect', () => {
      try {
        const message = build((socket.localAddress ?? '').replace(/^::ffff:/, ''))
        socket.write(Buffer.concat([numbers([message.length, 2]), message]))
      } catch (error) {
        socket.destroy(error as Error)
      }
    })
    socket.on('data', (bytes: Buffer) => {
      received = Buffer.concat([received, bytes])
      if (received.length < 2 || received.length < 2 + received.readUInt16BE(0)) return
      resolve(received.subarray(2, 2 + received.readUInt16BE(0)))
      socket.destroy()
    })
    socket.once('error', reject)
    socket.once('close', () => {
      clearTimeout(timer)
      reject(new Error('the server closed the connection'))
    })
  })
}
