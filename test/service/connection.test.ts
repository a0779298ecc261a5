import { connect, type Socket } from 'node:net'
import { describe, expect, test } from 'vitest'
import { patiently } from '../patience.ts'
import { request } from './support/message.ts'
import { type Service, useService } from './support/service.ts'

/** Everything that comes over a connection until it ends, or until `enough` is in it. */
function collect(socket: Socket, enough?: RegExp): Promise<{ text: string; ended: boolean }> {
  return new Promise((resolve) => {
    let text = ''
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1')
      if (enough?.test(text)) resolve({ text, ended: false })
    })
    socket.on('end', () => resolve({ text, ended: true }))
  })
}

/** How many connections the service has open. */
function connections(service: Service): Promise<number> {
  return new Promise((resolve, reject) => {
    service.app.http.app.server.getConnections((error, count) => (error ? reject(error) : resolve(count)))
  })
}

describe('a connection', () => {
  const service = useService()
  const open = () => connect(service.port, '127.0.0.1')

  test('serves requests one after the other, each answer of exact length', async () => {
    const { slug } = await service.create({ content: 'exactly this' })
    const socket = open()
    const read = request(`GET /raw/${slug}`).bytes
    socket.write(Buffer.concat([read, request(`HEAD /raw/${slug}`).bytes, request('GET /raw/nowhere').bytes, read]))
    const { text } = await collect(socket, /exactly this.*exactly this$/s)
    expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 200', 'HTTP/1.1 404', 'HTTP/1.1 200'])
    socket.destroy()
  })

  test('goes on after a refusal whose body was read', async () => {
    const socket = open()
    const bad = request('POST /api/v1/pastes', { 'Content-Type': 'application/json' }, '{').bytes
    socket.write(Buffer.concat([bad, request('GET /health/live').bytes]))
    const { text } = await collect(socket, /"live"/)
    expect(text).toMatch(/^HTTP\/1\.1 400 /)
    socket.destroy()
  })

  test('ends after a refusal whose body was not read, and what is left of it is taken for no request', async () => {
    const socket = open()
    const smuggled = request('POST /', {}, 'smuggled').bytes
    socket.write(request('POST /no/such', {}, smuggled).bytes)
    const { text, ended } = await collect(socket)
    expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 404'])
    expect(text).toMatch(/^connection: close/im)
    expect(ended).toBe(true)
  })

  test('that never carried a request is closed by us, even if its client keeps its own half open', async () => {
    const before = await connections(service)
    const socket = connect({ port: service.port, host: '127.0.0.1', allowHalfOpen: true })
    socket.write('NO REQUEST\r\n\r\n')
    const { text } = await collect(socket)
    expect(text).toMatch(/^HTTP\/1\.1 400 /)
    await expect.poll(() => connections(service), { timeout: patiently(5_000) }).toBe(before)
    socket.destroy()
  })

  test('ends after each answer while the service is being stopped', async () => {
    service.app.drain()
    const socket = open()
    socket.write(request('GET /health/live').bytes)
    const { text, ended } = await collect(socket)
    expect(text).toMatch(/^connection: close/im)
    expect(ended).toBe(true)
    expect((await service.request('GET /health/ready')).status).toBe(503)
  })
})
