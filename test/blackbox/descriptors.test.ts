import { connect, type Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { patiently } from '../patience.ts'
import { create, send } from './client.ts'
import { startService } from './service.ts'

const DESCRIPTORS = 256
const SOCKETS = 400

test('with 256 descriptors and 400 idle sockets the service lives, and answers when they close', async () => {
  const service = await startService({}, undefined, DESCRIPTORS)
  onTestFinished(service.stop)
  const kept = await create(service.url, Buffer.alloc(200_000, 'kept '))
  const { port } = new URL(service.url)
  const sockets = await Promise.all(Array.from({ length: SOCKETS }, () => idleSocket(Number(port))))
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
  })
  await expect.poll(() => open(sockets), { timeout: patiently(10_000) }).toBeLessThanOrEqual(DESCRIPTORS / 2)
  for (const socket of sockets) socket.destroy()
  await expect
    .poll(() => send(`${service.url}/raw/${kept.slug}`).then(({ status }) => status, String), {
      timeout: patiently(10_000),
    })
    .toBe(200)
  await create(service.url, Buffer.alloc(200_000, 'new '))
  expect(service.output()).not.toMatch(/EMFILE|a bug ends/)
  expect(service.output().match(/connections are refused/g)).toHaveLength(1)
})

function open(sockets: Socket[]): number {
  return sockets.filter((socket) => !socket.destroyed).length
}

async function idleSocket(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1').on('error', () => {})
  socket.resume()
  const { promise, resolve } = Promise.withResolvers<void>()
  socket.once('connect', resolve).once('close', () => resolve())
  await promise
  return socket
}
