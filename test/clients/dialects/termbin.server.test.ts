import { connect } from 'node:net'
import { describe, expect, test } from 'vitest'
import { type Service, useService } from '../../service/support/service.ts'
import { slugOfLine } from './form.ts'

/** Sends bytes as netcat does, and gives all that comes back until the service closes. */
function netcat(service: Service, text: string | Buffer, { halfClose = true } = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port: service.app.tcpPort ?? 0, host: '127.0.0.1', allowHalfOpen: true })
    const received: Buffer[] = []
    socket.on('data', (chunk: Buffer) => received.push(chunk))
    socket.once('end', () => {
      socket.end()
      resolve(Buffer.concat(received).toString())
    })
    socket.once('error', reject)
    if (halfClose) socket.end(text)
    else socket.write(text)
  })
}

describe('TCP_PORT', () => {
  const service = useService({ TCP_PORT: '0' })

  test('text until the end of the client is a paste, answered with its address', async () => {
    const line = await netcat(service, 'some text\n')
    expect(line).toMatch(new RegExp(`^${service.url}/\\w+\n$`))
    expect((await service.request(`GET /${slugOfLine(line)}`)).text()).toBe('some text\n')
  })

  test('a client that is silent has said all', async () => {
    const line = await netcat(service, 'silent\n', { halfClose: false })
    expect((await service.request(`GET /${slugOfLine(line)}`)).text()).toBe('silent\n')
  })

  test('bytes and what looks like HTTP are stored as they are', async () => {
    const bytes = Buffer.from('GET / HTTP/1.1\r\nX: \0\xff\r\n\r\n', 'latin1')
    const line = await netcat(service, bytes)
    expect((await service.request(`GET /raw/${slugOfLine(line)}`)).body.equals(bytes)).toBe(true)
  })

  test('nothing, and too much, are answered with words', async () => {
    expect(await netcat(service, '')).toBe('Send at least one byte.\n')
    expect(await netcat(service, 'x'.repeat(3 * 1024 * 1024))).toContain('The limit here is')
  })

  test('a client has a few connections at once', async () => {
    const open = Array.from({ length: 4 }, () => connect({ port: service.app.tcpPort ?? 0, host: '127.0.0.1' }))
    await Promise.all(open.map((socket) => new Promise((resolve) => socket.once('connect', resolve))))
    expect(await netcat(service, 'one more\n')).toBe('Too many connections at once.\n')
    for (const socket of open) socket.destroy()
    await expect.poll(() => netcat(service, 'again\n')).toContain(service.url)
  })
})

describe('TCP_PORT with limits', () => {
  const service = useService({ TCP_PORT: '0', RATE_LIMIT_CREATE: '2/hour', MAX_PASTE_BYTES: '1KiB' })

  test('creates count as over HTTP, and the largest paste is the same', async () => {
    expect(await netcat(service, 'x'.repeat(2_000))).toContain('1024 bytes')
    expect(await netcat(service, 'x')).toContain(service.url)
    const refused = await netcat(service, 'x')
    expect(refused).not.toContain(service.url)
    expect((await service.request('POST /', {}, 'x')).status).toBe(429)
  })
})

describe('TCP_PORT with CREATE=off', () => {
  const service = useService({ TCP_PORT: '0', CREATE: 'off' })
  test('takes nothing', async () => {
    expect(await netcat(service, 'x')).toBe('This service takes no new pastes.\n')
  })
})

describe('without TCP_PORT', () => {
  const service = useService()
  test('nothing listens', () => {
    expect(service.app.tcpPort).toBeUndefined()
  })
})
