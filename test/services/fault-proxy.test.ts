import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type FaultProxy, startFaultProxy } from './index.ts'

/** A server that answers each request `<n>` with n bytes, and `bye` with a clean end. */
function startAnswerer(received: string[]): Promise<Server> {
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.on('data', (bytes) => {
      received.push(bytes.toString())
      if (bytes.toString() === 'bye') socket.end()
      else socket.write('x'.repeat(Number(bytes)))
    })
  })
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)))
}

describe('a fault proxy', () => {
  let server: Server
  let proxy: FaultProxy
  let received: string[]

  beforeEach(async () => {
    received = []
    server = await startAnswerer(received)
    proxy = await startFaultProxy((server.address() as AddressInfo).port)
  })
  afterEach(async () => {
    await proxy.stop()
    server.close()
  })

  /** A new connection through the proxy; its errors matter only where a test looks at them. */
  function dial(): Socket {
    return connect(proxy.port, '127.0.0.1').on('error', () => {})
  }

  /** Sends `request` on a new connection; resolves with the number of bytes that came and how the connection closed. */
  async function exchange(request: string, socket = dial()) {
    let receivedBytes = 0
    let ending: 'end' | string = 'close'
    socket.on('data', (bytes) => {
      receivedBytes += bytes.length
    })
    socket.on('end', () => {
      ending = 'end'
    })
    socket.on('error', (error: NodeJS.ErrnoException) => {
      ending = error.code ?? 'error'
    })
    socket.write(request)
    await new Promise((resolve) => socket.once('close', resolve))
    return { receivedBytes, ending }
  }

  async function answer(socket: Socket, request: string): Promise<number> {
    socket.write(request)
    const [bytes] = (await once(socket, 'data')) as [Buffer]
    return bytes.length
  }

  test('without faults passes bytes and the end of a connection', async () => {
    const socket = dial()
    expect(await answer(socket, '10')).toBe(10)
    socket.write('bye')
    expect(await text(socket)).toBe('')
  })

  test('passes an answer that is larger than any buffer', async () => {
    const socket = dial()
    socket.write('20000000')
    socket.end()
    expect((await text(socket)).length).toBe(20_000_000)
  })

  test('refuses connections while told so, and listens again afterwards', async () => {
    await proxy.set({ refuse: true })
    expect(await exchange('10')).toEqual({ receivedBytes: 0, ending: 'ECONNREFUSED' })
    await proxy.set({})
    expect(await answer(dial(), '10')).toBe(10)
  })

  test('resets running connections when it begins to refuse', async () => {
    const socket = dial()
    await answer(socket, '10')
    const ended = exchange('', socket)
    await proxy.set({ refuse: true })
    expect((await ended).ending).toBe('ECONNRESET')
  })

  test('as a black hole accepts and keeps silent; what it held moves on when the fault is over', async () => {
    await proxy.set({ blackHole: true })
    const socket = dial()
    await once(socket, 'connect')
    const bytes = answer(socket, '10')
    expect(await Promise.race([bytes, silence(50)])).toBe('silence')
    expect(received).toEqual([])
    await proxy.set({})
    expect(await bytes).toBe(10)
  })

  test('holds replies while requests still arrive', async () => {
    await proxy.set({ holdReplies: true })
    const bytes = answer(dial(), '10')
    await expect.poll(() => received).toEqual(['10'])
    expect(await Promise.race([bytes, silence(50)])).toBe('silence')
    await proxy.set({})
    expect(await bytes).toBe(10)
  })

  test('adds latency in both directions', async () => {
    await proxy.set({ latencyMs: 40 })
    const startedAt = performance.now()
    await answer(dial(), '10')
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(79)
  })

  test('limits the rate of answers', async () => {
    await proxy.set({ toClientBytesPerSecond: 100_000 })
    const startedAt = performance.now()
    const socket = dial()
    socket.end('30000')
    expect((await text(socket)).length).toBe(30_000)
    expect(performance.now() - startedAt).toBeGreaterThan(200)
  })

  test('resets after exactly so many bytes', async () => {
    await proxy.set({ resetAfterBytes: 1234 })
    expect(await exchange('5000')).toEqual({ receivedBytes: 1234, ending: 'ECONNRESET' })
  })

  test('can reset before the first byte', async () => {
    await proxy.set({ resetAfterBytes: 0 })
    expect(await exchange('5000')).toEqual({ receivedBytes: 0, ending: 'ECONNRESET' })
  })

  test('truncates after exactly so many bytes, with a clean end', async () => {
    await proxy.set({ truncateAfterBytes: 1234 })
    expect(await exchange('5000')).toEqual({ receivedBytes: 1234, ending: 'end' })
  })

  test('counts bytes from the moment the faults are set', async () => {
    const socket = dial()
    await answer(socket, '3000')
    await proxy.set({ truncateAfterBytes: 100 })
    expect(await exchange('3000', socket)).toEqual({ receivedBytes: 100, ending: 'end' })
  })

  test('drops the n-th reply after the server has seen the request', async () => {
    await proxy.set({ dropReply: 2 })
    const socket = dial()
    expect(await answer(socket, '10')).toBe(10)
    expect(await exchange('20', socket)).toEqual({ receivedBytes: 0, ending: 'ECONNRESET' })
    expect(received).toEqual(['10', '20'])
  })

  test('lets a hook drop the reply to a request that it recognises', async () => {
    await proxy.set({
      onRequest(bytes, link) {
        if (bytes.includes('42')) link.dropReply()
        return undefined
      },
    })
    expect((await exchange('42')).ending).toBe('ECONNRESET')
    expect(await answer(dial(), '41')).toBe(41)
    expect(received).toEqual(['42', '41'])
  })

  test('lets hooks rewrite both directions', async () => {
    await proxy.set({ onRequest: () => Buffer.from('3'), onReply: (bytes) => Buffer.concat([bytes, bytes]) })
    expect(await answer(dial(), '10')).toBe(6)
    expect(received).toEqual(['3'])
  })

  test('forgets connections that are over', async () => {
    await exchange('bye')
    await expect.poll(() => proxy.connections()).toBe(0)
  })

  test('passes on a crash of the server', async () => {
    server.on('connection', (socket) => socket.on('data', () => socket.resetAndDestroy()))
    expect((await exchange('10')).ending).toBe('ECONNRESET')
  })
})

function silence(ms: number): Promise<'silence'> {
  return new Promise((resolve) => setTimeout(resolve, ms, 'silence'))
}
